import { CLOCK_SKEW } from "../record/time.ts";

/** @returns a clock of whole milliseconds, which throws a TypeError instead of giving a time that is none */
export function checkedClock(now: () => number): () => number {
  return () => {
    const time = Math.floor(now());
    // Comparisons with NaN are all false, so without this nothing would ever have expired.
    if (!Number.isSafeInteger(time) || time < 0) throw new TypeError("the clock gives no time in milliseconds");
    return time;
  };
}

/** More than one write a millisecond, or a clock set back, leads it ahead of the clock, but not so far that readers refuse. */
export function sequencer(now: () => number): () => number {
  let last = 0;
  return () => {
    const time = now();
    last = Math.min(Math.max(last + 1, time), time + CLOCK_SKEW / 2);
    return last;
  };
}
