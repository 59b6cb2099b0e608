import { crypto } from "#platform";
import { CacheError } from "../errors.ts";

/** Length of every native key in bytes. */
export const KEY_LENGTH = 32;

/**
 * Refuses bytes that no random source would have given: a passphrase, a counter, a repeated byte (format, section 6.6).
 * A random key fails with a probability below 10^-13.
 */
export function refuseWeak(bytes: Uint8Array): void {
  if (bytes.byteLength !== KEY_LENGTH) throw new CacheError("ERR_CACHE_WEAK_KEY", "a key is exactly 32 bytes");
  if (new Set(bytes).size < 16) {
    throw new CacheError("ERR_CACHE_WEAK_KEY", "the key has fewer than 16 different bytes; generate one instead");
  }
  if (bytes.every((byte) => byte >= 0x20 && byte <= 0x7e)) {
    throw new CacheError("ERR_CACHE_WEAK_KEY", "the key is printable text; a passphrase is not a key, generate one");
  }
}

/** 32 fresh bytes that pass their own import check. */
export function freshSecret(): Uint8Array {
  return crypto.random(KEY_LENGTH);
}
