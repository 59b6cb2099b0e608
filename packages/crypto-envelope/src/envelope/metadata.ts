import { CacheError, type SealedMetadata } from "@cache/core";

/** The encrypted head of an envelope (format, section 4.3). */
export interface Metadata extends SealedMetadata {
  /** 32 bytes, fresh for every envelope. */
  readonly bodyKey: Uint8Array;
  /** Plaintext length in bytes. */
  readonly size: number;
  /** SHA-256 of the plaintext, 32 bytes. */
  readonly digest: Uint8Array;
}

/** Length in bytes without user metadata, which the cache does not use. */
const LENGTH = 98;
const MAX_SIZE = 2 ** 52 - 1;

export function encodeMetadata(metadata: Metadata): Uint8Array {
  const out = new Uint8Array(LENGTH);
  const view = new DataView(out.buffer);
  out.set(metadata.bodyKey);
  out.set(metadata.digest, 40);
  view.setBigUint64(32, BigInt(metadata.size));
  view.setBigUint64(72, BigInt(metadata.created));
  view.setBigUint64(80, BigInt(metadata.expires));
  view.setBigUint64(88, BigInt(metadata.sequence));
  return out;
}

const malformed = (): CacheError =>
  new CacheError("ERR_CACHE_FORMAT", "the envelope's metadata has a field out of bounds");

/** Fields of verified bytes; user metadata is skipped. @throws CacheError `ERR_CACHE_FORMAT` for a field out of bounds */
export function decodeMetadata(bytes: Uint8Array): Metadata {
  if (bytes.byteLength < LENGTH) throw malformed();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength !== LENGTH + view.getUint16(96)) throw malformed();
  const number = (at: number, max: number): number => {
    const value = view.getBigUint64(at);
    if (value > BigInt(max)) throw malformed();
    return Number(value);
  };
  return {
    bodyKey: bytes.slice(0, 32),
    size: number(32, MAX_SIZE),
    digest: bytes.slice(40, 72),
    created: number(72, Number.MAX_SAFE_INTEGER),
    expires: number(80, Number.MAX_SAFE_INTEGER),
    sequence: number(88, Number.MAX_SAFE_INTEGER),
  };
}
