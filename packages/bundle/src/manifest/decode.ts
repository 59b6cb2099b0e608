import { CacheError } from "@cache/core/adapter";
import { fromUtf8 } from "@cache/core/bytes";
import { malformed } from "../malformed.ts";
import {
  checkMember,
  MANIFEST_MAGIC,
  MANIFEST_VERSION,
  MAX_MEMBERS,
  MEMBER_FIXED,
  type Member,
  Sequence,
  TYPES,
} from "./manifest.ts";
import { pathBytes } from "./path.ts";

/** Reads fields one after the other, and never past the end. */
class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.byteLength - this.#at;
  }

  take(length: number): Uint8Array {
    return this.#bytes.subarray(this.#forward(length), this.#at);
  }

  uint8(): number {
    return this.#view.getUint8(this.#forward(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#forward(2));
  }

  uint32(): number {
    return this.#view.getUint32(this.#forward(4));
  }

  uint64(): number {
    // What is above 2^53 - 1 stays above it, and a member with it is refused.
    return Number(this.#view.getBigUint64(this.#forward(8)));
  }

  #forward(length: number): number {
    if (length > this.left) throw malformed("manifest", "it ends early");
    const from = this.#at;
    this.#at += length;
    return from;
  }
}

function readCount(cursor: Cursor): number {
  const magic = cursor.take(MANIFEST_MAGIC.byteLength);
  if (MANIFEST_MAGIC.some((byte, at) => magic[at] !== byte)) throw malformed("manifest", "its first bytes are others");
  if (cursor.uint8() !== MANIFEST_VERSION)
    throw new CacheError("ERR_CACHE_UNSUPPORTED_VERSION", "the manifest is of another version");
  if (cursor.take(3).some((byte) => byte !== 0)) throw malformed("manifest", "reserved bytes are set");
  const count = cursor.uint32();
  if (count < 1 || count > MAX_MEMBERS) throw malformed("manifest", "it has 1 to 100000 members");
  // Before anything is kept for so many of them.
  if (count * (MEMBER_FIXED + 1) > cursor.left) throw malformed("manifest", "it ends early");
  return count;
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    throw malformed("path", "it is not UTF-8", cause);
  }
}

function readType(code: number): Member["type"] {
  if (code === TYPES.file) return "file";
  if (code === TYPES.directory) return "directory";
  throw malformed("manifest", "a member is neither a file nor a directory");
}

function readMember(cursor: Cursor, sequence: Sequence): Member {
  const stored = cursor.take(cursor.uint16());
  const path = textOf(stored);
  pathBytes(path);
  const type = readType(cursor.uint8());
  const [mode, size, digest] = [cursor.uint16(), cursor.uint64(), cursor.take(32).slice()];
  const member = { path, type, mode, size, digest };
  checkMember(member);
  sequence.add(member, stored);
  return member;
}

/**
 * The members that a manifest states, in its order. Exactly one manifest has these bytes.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION`
 */
export function decodeManifest(bytes: Uint8Array): Member[] {
  const cursor = new Cursor(bytes);
  const sequence = new Sequence();
  const members = Array.from({ length: readCount(cursor) }, () => readMember(cursor, sequence));
  if (cursor.left !== 0) throw malformed("manifest", "bytes are left over");
  return members;
}
