/**
 * A time to live as other caches know it, as the `ttl` of a `set`: whole milliseconds above zero; `undefined` for none and for one
 * without end; 0 when nothing is left of it, and nothing is to be kept.
 * @param time - milliseconds, of any size, in parts too
 * @throws TypeError for what is no number
 */
export function timeLeft(time: number | undefined): number | undefined {
  if (time === undefined || time === Number.POSITIVE_INFINITY) return undefined;
  if (typeof time !== "number" || Number.isNaN(time)) throw new TypeError("a time to live is a number of milliseconds");
  return Math.min(Math.max(Math.ceil(time), 0), Number.MAX_SAFE_INTEGER);
}
