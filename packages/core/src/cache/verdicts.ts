import { CacheError, type CacheErrorCode, isCacheError } from "../errors.ts";
import type { EventLevel } from "./events.ts";

/** Not ours to judge, out of its time, or more than this reader takes: a miss that destroys nothing and never throws. */
const MISSES: ReadonlySet<CacheErrorCode> = new Set([
  "ERR_CACHE_LIMIT",
  "ERR_CACHE_UNKNOWN_KEY",
  "ERR_CACHE_REVOKED_KEY",
  "ERR_CACHE_NOT_YET_VALID",
  "ERR_CACHE_CODEC",
]);

/** Ours and not what its writer left: a miss, a security event, set aside; thrown when strict (format, "Envelope"). */
const DAMAGE: ReadonlySet<CacheErrorCode> = new Set([
  "ERR_CACHE_AUTH",
  "ERR_CACHE_FORMAT",
  "ERR_CACHE_ROLLBACK",
  "ERR_CACHE_UNSUPPORTED_SUITE",
  "ERR_CACHE_UNSUPPORTED_VERSION",
]);

/**
 * What a failed verification says about stored bytes, as a cache throws it. Anything else, such as a failing store, is thrown on.
 */
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

/**
 * For a read whose limit is the length of the longest thing that belongs in the place: what is longer is not what its
 * writer left, and no matter of limits.
 */
export function tooLongIsDamage(what: string): (error: unknown) => never {
  return (error) => {
    if (!isCacheError(error, "ERR_CACHE_LIMIT")) throw error;
    throw new CacheError("ERR_CACHE_AUTH", `${what} is longer than it can be`, { cause: error });
  };
}

const QUARANTINED: ReadonlySet<CacheErrorCode> = new Set(["ERR_CACHE_AUTH", "ERR_CACHE_FORMAT", "ERR_CACHE_ROLLBACK"]);

/**
 * Whether the bytes may be set aside. A newer version's or a pinned suite's bytes are somebody's who knows more,
 * so they stay.
 */
export function mayQuarantine(error: CacheError): boolean {
  return QUARANTINED.has(error.code);
}
