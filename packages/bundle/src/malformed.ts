import { CacheError } from "@cache/core/adapter";

/** Bytes that are not what the format describes (format, "Packages"). */
export function malformed(what: string, why: string, cause?: unknown): CacheError {
  return new CacheError("ERR_CACHE_FORMAT", `not a valid ${what}: ${why}`, cause === undefined ? {} : { cause });
}
