import { CacheError } from "@cache/core";
import { ed25519 } from "@noble/curves/ed25519.js";

/**
 * Refuses a public key that is not one canonical point of the prime-order group: with others, libraries disagree about
 * what verifies (format, "Verification").
 * @throws CacheError `ERR_CACHE_KEY_FORMAT`
 */
export function checkPublicKey(bytes: Uint8Array): void {
  const sound = (() => {
    try {
      const point = ed25519.Point.fromBytes(bytes, false);
      return !point.isSmallOrder() && point.isTorsionFree();
    } catch {
      return false;
    }
  })();
  if (!sound) throw new CacheError("ERR_CACHE_KEY_FORMAT", "the Ed25519 public key is not a sound point of the curve");
}
