import { CacheError } from "@cache/core";
import { concat } from "@cache/core/bytes";
import { looksCompressed } from "./gunzip.ts";
import type { HmacRawKey } from "./hmac-raw-key.ts";
import { proofBy, STOP, trailerOf } from "./trailer.ts";

/**
 * A file in fleche's trailing format, not compressed: fleche reads it, and so does a program that has no key.
 * @param payload - a pickle: its last byte is 0x2E, or the signature could not be told from it
 * @throws CacheError `ERR_CACHE_WEAK_KEY` for a key of fewer than 32 bytes
 * @throws TypeError for a payload that begins or ends otherwise
 */
export function writeTrailing(payload: Uint8Array, key: HmacRawKey): Uint8Array {
  if (!(payload instanceof Uint8Array) || payload.at(-1) !== STOP)
    throw new TypeError("a payload is a Uint8Array whose last byte is 0x2E, as a pickle's is");
  if (looksCompressed(payload)) throw new TypeError("a payload does not begin with 1F 8B: it would be decompressed");
  if (key?.type !== "hmac-raw") throw new TypeError("the key is an HmacRawKey");
  if (key.strength !== "full") throw new CacheError("ERR_CACHE_WEAK_KEY", "a key that signs has at least 32 bytes");
  return concat(payload, trailerOf(proofBy(key, payload)));
}
