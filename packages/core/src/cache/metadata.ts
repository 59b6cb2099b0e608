import { fromLowerHex } from "../bytes/hex.ts";
import { join } from "../bytes/join.ts";
import { fromUtf8, utf8 } from "../bytes/text.ts";
import { CacheError } from "../errors.ts";
import type { Statement } from "../record/statement.ts";

/** What an entry states in its metadata (format, "Record"). */
interface EntryMetadata {
  /** Name of the codec that wrote the value. */
  readonly codec: string;
  /** SHA-256 of further content that the value is of no use without, 32 bytes each. */
  readonly needs: readonly Uint8Array[];
}

/** A zero byte, which no codec's name has, and a SHA-256. */
const NEED = 33;
/** As many as fit beside the longest name of a codec. */
const MOST_NEEDS = 900;

/** @throws TypeError for a codec's name with a zero byte, and for digests that are none or too many */
export function encodeMetadata(codec: string, needs: readonly string[] = []): Uint8Array {
  if (codec.includes("\0")) throw new TypeError("the name of a codec has no zero byte");
  if (!Array.isArray(needs) || needs.length > MOST_NEEDS)
    throw new TypeError(`"needs" are up to ${MOST_NEEDS} digests`);
  return join([utf8(codec), ...needs.flatMap((digest) => [new Uint8Array(1), digestOf(digest)])]);
}

function digestOf(digest: unknown): Uint8Array {
  const bytes = fromLowerHex(digest, 32);
  if (bytes === undefined) throw new TypeError('"needs" are digests of 64 lower-case hexadecimal digits');
  return bytes;
}

/** @throws CacheError `ERR_CACHE_CODEC` for bytes that no writer of entries leaves there */
export function decodeMetadata({ metadata }: Pick<Statement, "metadata">): EntryMetadata {
  const end = metadata.indexOf(0);
  if (end === -1) return { codec: codecOf(metadata), needs: [] };
  const rest = metadata.subarray(end);
  const needs: Uint8Array[] = [];
  for (let at = 0; at < rest.byteLength; at += NEED) {
    if (rest[at] !== 0 || at + NEED > rest.byteLength) throw unreadable();
    needs.push(rest.slice(at + 1, at + NEED));
  }
  return { codec: codecOf(metadata.subarray(0, end)), needs };
}

function codecOf(name: Uint8Array): string {
  try {
    return fromUtf8(name);
  } catch (cause) {
    throw unreadable(cause);
  }
}

const unreadable = (cause?: unknown): CacheError =>
  new CacheError("ERR_CACHE_CODEC", "the entry's metadata names no codec", { cause });

/** What an entry needs, as far as it can be told: of metadata that nobody can read, nothing. */
export function needsOf(statement: Pick<Statement, "metadata">): readonly Uint8Array[] {
  try {
    return decodeMetadata(statement).needs;
  } catch {
    return [];
  }
}
