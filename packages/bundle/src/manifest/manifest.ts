import { concat } from "@cache/core/bytes";
import { malformed } from "../malformed.ts";
import { pathBytes, pathOrder } from "./path.ts";

/** A file or a directory of a package, as its manifest states it. */
export interface Member {
  /** Relative, with `/` between its parts. */
  readonly path: string;
  readonly type: "file" | "directory";
  /** Permissions: the nine bits of `rwxrwxrwx`. */
  readonly mode: number;
  /** Length in bytes as stored; 0 for a directory. */
  readonly size: number;
  /** SHA-256 of the bytes as stored, 32 bytes; zeros for a directory. */
  readonly digest: Uint8Array;
}

/** First bytes of a manifest: magic, version 1, three zero bytes. */
export const MANIFEST_MAGIC: Uint8Array = Uint8Array.of(0x89, 0x43, 0x50, 0x4b, 0x47, 0x0d, 0x0a, 0x1a);
export const MANIFEST_VERSION = 1;
/** Bytes before the first member. */
const MANIFEST_HEADER = 16;
/** Bytes of a member besides its path. */
export const MEMBER_FIXED: number = 2 + 1 + 2 + 8 + 32;
export const MAX_MEMBERS = 100_000;
/** The largest manifest that is read or written. */
export const MAX_MANIFEST = 67_108_864;
/** Codes of the types. */
export const TYPES = { file: 1, directory: 2 } as const;
/** The permissions, without set-uid, set-gid and sticky, which the format does not have. */
export const MODE_BITS = 0o777;

const DIGEST = 32;

const SLASH = 0x2f;

const startsWith = (path: Uint8Array, beginning: Uint8Array): boolean =>
  path.byteLength >= beginning.byteLength && pathOrder(path.subarray(0, beginning.byteLength), beginning) === 0;

/** What members may say together: paths in order, none through a file, and sizes that can be added up. */
export class Sequence {
  #last: Uint8Array | undefined;
  /** Files whose path the last one begins with. In order of bytes, whatever leads through a file follows only such paths. */
  readonly #files: Uint8Array[] = [];
  #bytes = 0;

  /** @throws CacheError `ERR_CACHE_FORMAT` for a member that cannot stand behind those before it */
  add({ type, size }: Member, path: Uint8Array): void {
    if (this.#last !== undefined && pathOrder(this.#last, path) >= 0)
      throw malformed("manifest", "its paths are not in ascending order, each once");
    this.#last = path;
    this.#leave(path);
    if (this.#files.some(({ byteLength }) => path[byteLength] === SLASH))
      throw malformed("manifest", "a path leads through a file");
    if (type === "file") this.#files.push(path);
    this.#bytes += size;
    if (!Number.isSafeInteger(this.#bytes)) throw malformed("manifest", "its sizes add up to more than 2^53 - 1");
  }

  #leave(path: Uint8Array): void {
    for (let top = this.#files.at(-1); top !== undefined && !startsWith(path, top); top = this.#files.at(-1))
      this.#files.pop();
  }
}

/** @throws CacheError `ERR_CACHE_FORMAT` for what the format does not have */
export function checkMember({ type, mode, size, digest }: Member): void {
  if (!Number.isInteger(mode) || mode < 0 || mode > MODE_BITS)
    throw malformed("manifest", "a mode has more than nine bits");
  if (!Number.isSafeInteger(size) || size < 0) throw malformed("manifest", "a size is not from 0 to 2^53 - 1");
  if (digest.byteLength !== DIGEST) throw malformed("manifest", "a digest has not 32 bytes");
  const empty = size === 0 && digest.every((byte) => byte === 0);
  if (type === "directory" && !empty) throw malformed("manifest", "a directory has a size or a digest");
}

function encodeMember(member: Member, path: Uint8Array): Uint8Array {
  const out = new Uint8Array(MEMBER_FIXED + path.byteLength);
  const view = new DataView(out.buffer);
  view.setUint16(0, path.byteLength);
  out.set(path, 2);
  const at = 2 + path.byteLength;
  view.setUint8(at, TYPES[member.type]);
  view.setUint16(at + 1, member.mode);
  view.setBigUint64(at + 3, BigInt(member.size));
  out.set(member.digest, at + 11);
  return out;
}

/**
 * The bytes of a manifest (format, "Packages").
 * @param members - 1 to 100 000, in ascending order of the bytes of their paths
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_LIMIT`
 */
export function encodeManifest(members: readonly Member[]): Uint8Array {
  if (members.length < 1 || members.length > MAX_MEMBERS) throw malformed("manifest", "it has 1 to 100000 members");
  const header = new Uint8Array(MANIFEST_HEADER);
  header.set(MANIFEST_MAGIC);
  header[MANIFEST_MAGIC.byteLength] = MANIFEST_VERSION;
  new DataView(header.buffer).setUint32(12, members.length);
  const sequence = new Sequence();
  const parts = members.map((member) => {
    const path = pathBytes(member.path);
    checkMember(member);
    sequence.add(member, path);
    return encodeMember(member, path);
  });
  return concat(header, ...parts);
}
