/**
 * A write that finds its content already stored, but older than this, writes it again. A collector that judged the old
 * bytes unreferenced is then refused by their version, so no finished put is lost to it. Milliseconds.
 */
export const REFRESH_AGE = 900_000;

/** Shortest grace a collector may use: twice the refresh age, so that what a writer trusted is never old enough to go. */
export const MIN_GRACE: number = 2 * REFRESH_AGE;
