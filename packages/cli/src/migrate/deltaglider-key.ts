import { CacheError } from "@cache/core";
import type { Invocation } from "../command.ts";

/** As DeltaGlider takes it: url-safe base64 of 32 bytes, with its padding. */
const SHAPE = /^[A-Za-z0-9_-]{43}=$/;

/**
 * The invocation with DeltaGlider's key as the master of the cache, if an option says so.
 * @throws CacheError `ERR_CACHE_CONFIG` when it is not set, or other keys are, `ERR_CACHE_KEY_FORMAT`; never falls back to none
 */
export function withDeltaGliderKey(invocation: Invocation): Invocation {
  const { given, environment } = invocation;
  if (!given.flag("deltaglider-key")) return invocation;
  const { deltaGliderKey, keyring, keyringFile } = environment;
  if (deltaGliderKey === undefined) throw new CacheError("ERR_CACHE_CONFIG", "DG_CACHE_ENCRYPTION_KEY is not set");
  if ((given.text("keyring-file") ?? keyringFile ?? keyring) !== undefined)
    throw new CacheError("ERR_CACHE_CONFIG", "keys come from DG_CACHE_ENCRYPTION_KEY or from a keyring, not from both");
  if (!SHAPE.test(deltaGliderKey))
    throw new CacheError("ERR_CACHE_KEY_FORMAT", "DG_CACHE_ENCRYPTION_KEY is not url-safe base64 of 32 bytes");
  return { ...invocation, environment: { ...environment, keyring: deltaGliderKey } };
}
