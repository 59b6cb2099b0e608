import { type CacheError, type CacheErrorCode, isCacheError } from "../errors.ts";
import type { EventLevel } from "./events.ts";

/** Not ours to judge, or out of its time: a miss that destroys nothing and never throws. */
const MISSES: ReadonlySet<CacheErrorCode> = new Set([
  "ERR_CACHE_UNKNOWN_KEY",
  "ERR_CACHE_REVOKED_KEY",
  "ERR_CACHE_NOT_YET_VALID",
  "ERR_CACHE_CODEC",
]);

/** Ours and not what its writer left: a miss, a security event, set aside; thrown when strict (format, section 4.6). */
const DAMAGE: ReadonlySet<CacheErrorCode> = new Set([
  "ERR_CACHE_AUTH",
  "ERR_CACHE_FORMAT",
  "ERR_CACHE_LIMIT",
  "ERR_CACHE_ROLLBACK",
  "ERR_CACHE_UNSUPPORTED_SUITE",
  "ERR_CACHE_UNSUPPORTED_VERSION",
]);

/** What a failed verification says about stored bytes; anything else, such as a failing store, is thrown on. */
export function refusalOf(error: unknown): CacheError {
  if (isCacheError(error) && (MISSES.has(error.code) || isDamage(error) || error.code === "ERR_CACHE_EXPIRED"))
    return error;
  throw error;
}

/** How loud a refusal is: what other keys wrote is no attack by itself. */
export function levelOf(error: CacheError): EventLevel {
  return isDamage(error) ? "security" : "warning";
}

export function isDamage(error: CacheError): boolean {
  return DAMAGE.has(error.code);
}

const QUARANTINED: ReadonlySet<CacheErrorCode> = new Set(["ERR_CACHE_AUTH", "ERR_CACHE_FORMAT", "ERR_CACHE_ROLLBACK"]);

/**
 * Whether the bytes may be set aside. A newer version's or a pinned suite's bytes are somebody's who knows more,
 * so they stay.
 */
export function mayQuarantine(error: CacheError): boolean {
  return QUARANTINED.has(error.code);
}
