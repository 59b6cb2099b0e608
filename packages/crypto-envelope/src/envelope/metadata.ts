import { CacheError, type SealedMetadata } from "@cache/core";
import { getUint64, setUint64 } from "@cache/core/bytes";

/** What an envelope says of its body, encrypted (format, "Envelope"). */
export interface Metadata extends SealedMetadata {
  /** 32 bytes, fresh for every envelope. */
  readonly bodyKey: Uint8Array;
  /** Length of the content in bytes. */
  readonly size: number;
  /** SHA-256 of the content, 32 bytes. */
  readonly digest: Uint8Array;
}

/** Length in bytes without user metadata, of which a cache writes none. */
const LENGTH = 98;
const MAX_SIZE = 2 ** 52 - 1;

/** The part of the metadata that a cache keeps for itself. @throws TypeError unless these are integers of 0 to 2^53 - 1 */
export function pickSealed({ created, expires, sequence }: SealedMetadata): SealedMetadata {
  for (const each of [created, expires, sequence]) {
    if (!Number.isSafeInteger(each) || each < 0) throw new TypeError("times and sequence numbers are whole, from 0 on");
  }
  return { created, expires, sequence };
}

export function encodeMetadata({ bodyKey, size, digest, created, expires, sequence }: Metadata): Uint8Array {
  const out = new Uint8Array(LENGTH);
  const view = new DataView(out.buffer);
  out.set(bodyKey);
  setUint64(view, 32, size);
  out.set(digest, 40);
  setUint64(view, 72, created);
  setUint64(view, 80, expires);
  setUint64(view, 88, sequence);
  return out;
}

const malformed = (): CacheError =>
  new CacheError("ERR_CACHE_FORMAT", "the envelope's metadata has a field out of bounds");

/** Fields of verified bytes; user metadata is skipped. @throws CacheError `ERR_CACHE_FORMAT` for one out of bounds */
export function decodeMetadata(bytes: Uint8Array): Metadata {
  if (bytes.byteLength < LENGTH) throw malformed();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength !== LENGTH + view.getUint16(96)) throw malformed();
  const take = (at: number, most: number): number => {
    const value = getUint64(view, at);
    if (value > most) throw malformed();
    return value;
  };
  return {
    bodyKey: bytes.subarray(0, 32),
    size: take(32, MAX_SIZE),
    digest: bytes.subarray(40, 72),
    created: take(72, Number.MAX_SAFE_INTEGER),
    expires: take(80, Number.MAX_SAFE_INTEGER),
    sequence: take(88, Number.MAX_SAFE_INTEGER),
  };
}
