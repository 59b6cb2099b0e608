import { CacheError } from "@cache/core";
import type { Suite } from "../aead/provider.ts";

/** Length of the clear prefix in bytes. */
export const PREFIX_LENGTH = 32;
/** Bounds of the metadata message's length in bytes: without user metadata, and with the most there may be. */
export const MIN_METADATA = 170;
const MAX_METADATA = 15_530;

const MAGIC = Uint8Array.of(0x89, 0x43, 0x45, 0x4e, 0x56, 0x0d, 0x0a, 0x1a);
const VERSION = 1;

/** The clear part of an envelope (format, "Envelope"). All of it goes into the metadata's key. */
export interface Prefix {
  readonly suite: Suite;
  /** Length of the metadata message in bytes. */
  readonly metadataLength: number;
  /** 16 bytes. */
  readonly keyId: Uint8Array;
}

export function encodePrefix({ suite, metadataLength, keyId }: Prefix): Uint8Array {
  const out = new Uint8Array(PREFIX_LENGTH);
  out.set(MAGIC);
  out[8] = VERSION;
  out[9] = suite;
  new DataView(out.buffer).setUint32(12, metadataLength);
  out.set(keyId, 16);
  return out;
}

const malformed = (why: string): CacheError => new CacheError("ERR_CACHE_FORMAT", `not an envelope: ${why}`);

/**
 * The prefix at the beginning of these bytes.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION`, `ERR_CACHE_UNSUPPORTED_SUITE`
 */
export function decodePrefix(bytes: Uint8Array): Prefix {
  if (bytes.byteLength < PREFIX_LENGTH) throw malformed("it is shorter than a prefix");
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw malformed("its first bytes are others");
  if (bytes[8] !== VERSION) throw new CacheError("ERR_CACHE_UNSUPPORTED_VERSION", "the envelope is of another version");
  const suite = bytes[9];
  if (suite !== 1 && suite !== 2)
    throw new CacheError("ERR_CACHE_UNSUPPORTED_SUITE", "the envelope is of an unknown suite");
  const view = new DataView(bytes.buffer, bytes.byteOffset, PREFIX_LENGTH);
  if (view.getUint16(10) !== 0) throw malformed("reserved bits are set");
  const metadataLength = view.getUint32(12);
  if (metadataLength < MIN_METADATA || metadataLength > MAX_METADATA)
    throw malformed("its metadata has no such length");
  return { suite, metadataLength, keyId: new Uint8Array(bytes.subarray(16, PREFIX_LENGTH)) };
}
