import { crypto } from "#platform";
import { CacheError } from "../errors.ts";

/** Length of every native key in bytes. */
export const KEY_LENGTH = 32;

/**
 * Refuses bytes that no random source would have given: a passphrase, a counter, a repeated byte (format, "Keys").
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

/**
 * A copy on a buffer of its own. Not by `slice`: that of a Node `Buffer` shares memory, and whoever erased it afterwards
 * would have made the key all zeros.
 */
export function ownCopy(bytes: Uint8Array): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new TypeError("key material is a Uint8Array");
  return new Uint8Array(bytes);
}

/** 32 fresh bytes. That they look weak is less likely than that the machine is broken. */
export function freshSecret(): Uint8Array {
  return crypto.random(KEY_LENGTH);
}
