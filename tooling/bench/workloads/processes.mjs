import { run } from "../programs/child.mjs";
import { Collection } from "../results.mjs";
import { alternate } from "../rounds.mjs";

/** @typedef {import("../rounds.mjs").Workload} Workload */

/** @type {Workload} */
export const processes = {
  name: "processes",
  about: "calls a second by all processes on one directory, nine reads to a write, and what of it was lost",
  async measure(bench) {
    const figures = new Collection("processes");
    const milliseconds = bench.quick ? 500 : 4000;
    const subjects = [1, 2, 8].map((count) => /** @type {const} */ ([`${count} at once`, count]));
    await alternate({ ...bench, rounds: Math.min(bench.rounds, 3) }, subjects, async (count, scale) => {
      const directory = bench.scratch.directory();
      const told = /** @type {{ calls: number, lost: number }[]} */ (
        await Promise.all(
          Array.from({ length: count }, (_, at) => run("worker", directory, String(at + 1), String(milliseconds))),
        )
      );
      const [calls, lost] = [
        told.reduce((sum, each) => sum + each.calls, 0),
        told.reduce((sum, each) => sum + each.lost, 0),
      ];
      figures.add(
        { subject: "file store", operation: "calls a second", scale, unit: "count" },
        (calls * 1000) / milliseconds,
      );
      figures.add({ subject: "file store", operation: "lost", scale, unit: "count" }, lost);
      bench.scratch.remove(directory);
    });
    return figures.results();
  },
};
