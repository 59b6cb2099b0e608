import { run } from "../programs/child.mjs";
import { Collection } from "../results.mjs";

/** @typedef {import("../rounds.mjs").Workload} Workload */

const SUBJECTS = ["plain", "sealed and signed"];

/** @type {Workload} */
export const madeUp = {
  name: "made up",
  about:
    "care of a store of so many values of 1 KiB that exist only while they are looked at, for each: nanoseconds, making it included (list does nothing else), and bytes of memory that the care keeps",
  async measure(bench) {
    const figures = new Collection("made up");
    const scales = bench.quick ? [1000, 3000] : [10_000, 100_000];
    for (const count of scales)
      for (const subject of SUBJECTS)
        for (const as of ["entries", "content"]) {
          bench.tell(`${count} ${subject}, as ${as}`);
          const args = as === "content" ? [subject, String(count), as] : [subject, String(count)];
          const found = /** @type {Record<string, { time: number, memory: number }>} */ (await run("made-up", ...args));
          for (const [operation, { time, memory }] of Object.entries(found)) {
            const what = { subject: `${subject}, as ${as}`, scale: `${count} entries` };
            figures.add({ ...what, operation }, time);
            figures.add({ ...what, operation: `${operation}, memory`, unit: "bytes" }, Math.max(0, memory));
          }
        }
    return figures.results();
  },
};
