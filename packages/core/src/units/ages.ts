/**
 * A write that finds its content already stored, but older than this, writes it again. A collector that judged the old
 * bytes unreferenced is then refused by their version, so no finished put is lost to it. Milliseconds.
 */
const REFRESH_AGE = 900_000;

/**
 * Whether a write may rely on what was put then. A time in the future is no youth: it would never end.
 * @param modified - milliseconds since 1970 UTC, as `now`
 */
export function isYoung(modified: number, now: number): boolean {
  return Math.abs(now - modified) < REFRESH_AGE;
}

/** Shortest grace a collector may use: twice the refresh age, so that what a writer trusted is never old enough to go. */
export const MIN_GRACE: number = 2 * REFRESH_AGE;
