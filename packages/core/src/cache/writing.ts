import { CacheError } from "../errors.ts";
import type { Settings } from "./options.ts";

/** Whether a cache has a key to sign with. */
export function mayWrite({ sign }: Pick<Settings, "sign">): boolean {
  return sign.identity !== undefined;
}

/**
 * Whoever may only read what others signed changes nothing: what it deleted nobody else could have deleted, and what it put
 * nobody would believe.
 * @throws CacheError `ERR_CACHE_READ_ONLY` for a cache whose signer has no identity
 */
export function requireWriter(settings: Pick<Settings, "sign">): void {
  if (!mayWrite(settings)) {
    throw new CacheError("ERR_CACHE_READ_ONLY", "this cache has no key to sign with: it only reads");
  }
}
