import { CacheError } from "../errors.ts";

/** How far ahead of the reader's clock a creation time may be, in milliseconds (format, "Verification"). */
export const CLOCK_SKEW = 300_000;

/**
 * Expiry has no grace but what the caller allows; creation has the skew.
 * @param late - milliseconds past its expiry for which the caller takes it all the same
 * @throws CacheError `ERR_CACHE_NOT_YET_VALID`, `ERR_CACHE_EXPIRED`
 */
export function checkTime(times: { readonly created: number; readonly expires: number }, now: number, late = 0): void {
  if (times.created > now + CLOCK_SKEW) throw new CacheError("ERR_CACHE_NOT_YET_VALID", "it was created in the future");
  if (times.expires !== 0 && now - late >= times.expires) throw new CacheError("ERR_CACHE_EXPIRED", "it has expired");
}
