import { CacheError } from "../errors.ts";
import type { Settings } from "./options.ts";

/**
 * Whoever may only read what others signed changes nothing: what it deleted nobody else could have deleted, and what it put
 * nobody would believe.
 * @throws CacheError `ERR_CACHE_READ_ONLY` for a cache whose signer has no identity
 */
export function requireWriter({ sign }: Pick<Settings, "sign">): void {
  if (sign.identity === undefined) {
    throw new CacheError("ERR_CACHE_READ_ONLY", "this cache has no key to sign with: it only reads");
  }
}
