import { CacheError } from "@cache/core";

/** A configuration that cannot be used. The message names fields, never what they hold. */
export function unusable(why: string, cause?: unknown): CacheError {
  return new CacheError("ERR_CACHE_CONFIG", `the configuration is not usable: ${why}`, { cause });
}
