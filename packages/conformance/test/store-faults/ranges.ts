import type { RangeOptions } from "@cache/core";
import type { StoreFixture } from "../../src/index.ts";
import type { Fault, Faults } from "../matrix.ts";
import { planted } from "./planted.ts";

/** Ranges changed, or refused, on their way in. */
function ranging(fails: RegExp, change: (range: RangeOptions, size: number) => RangeOptions): Fault<StoreFixture> {
  return planted(fails, (inner) => ({
    async open(name, options = {}) {
      const stat = await inner.stat(name);
      return stat && inner.open(name, change(options, stat.size));
    },
  }));
}

function refuse(when: boolean, range: RangeOptions): RangeOptions {
  if (when) throw new RangeError("out of bounds");
  return range;
}

/** Ranges. */
export const rangeFaults: Faults<StoreFixture> = {
  "ignores the start": ranging(
    /^open: a range (with a start|with start|of one|that runs|with an endless|that begins at|wholly)/,
    ({ end }) => ({ end }),
  ),
  "ignores the end": ranging(/^open: a range (with an end only|with start|of|whose|that ends)/, ({ start }) => ({
    start,
  })),
  "takes the end as part of the range": ranging(
    /^open: a range (with an end only|with start|of one|of nothing|that begins before)/,
    ({ start, end }) => ({ start, end: end === undefined ? end : end + 1 }),
  ),
  "refuses a start beyond the end": ranging(/^open: a range (that begins at|wholly)/, (range, size) =>
    refuse((range.start ?? -1) >= size, range),
  ),
  "refuses an end beyond the end": ranging(/^open: a range (that runs|with an endless|wholly)/, (range, size) =>
    refuse((range.end ?? 0) > size, range),
  ),
  "refuses an end before the start": ranging(/^open: a range whose end/, (range) =>
    refuse((range.end ?? Number.POSITIVE_INFINITY) < (range.start ?? 0), range),
  ),
  "refuses what is not an integer": ranging(/^open: a range (with an endless|with nothing set)/, (range) =>
    refuse(
      ["start", "end"].some((side) => side in range && !Number.isInteger(range[side as "start" | "end"])),
      range,
    ),
  ),
  "counts negative offsets from the end": ranging(
    /^open: a range that (begins|ends) before/,
    ({ start = 0, end }, size) => ({
      start: start < 0 ? size + start : start,
      end: end !== undefined && end < 0 ? size + end : end,
    }),
  ),
  "answers undefined for an empty range": planted(/^open: (a range of nothing|any range of an empty)/, (inner) => ({
    async open(name, options = {}) {
      const { size = 0 } = (await inner.stat(name)) ?? {};
      const empty = (options.start ?? 0) >= (options.end ?? size);
      return empty ? undefined : inner.open(name, options);
    },
  })),
};
