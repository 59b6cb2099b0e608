import { run } from "../programs/child.mjs";
import { Collection } from "../results.mjs";
import { alternate } from "../rounds.mjs";

/** @typedef {import("../rounds.mjs").Workload} Workload */

const SUBJECTS = ["SHA-256 alone", "plain", "sealed", "sealed and signed", "cacache"];

/** @type {Workload} */
export const streams = {
  name: "streams",
  about: "a stream in and out in a process of its own: nanoseconds, and bytes of memory above those at its start",
  async measure(bench) {
    const figures = new Collection("streams");
    const size = bench.quick ? 67_108_864 : 268_435_456;
    const few = { ...bench, rounds: Math.min(bench.rounds, 3) };
    const subjects = SUBJECTS.map((name) => /** @type {const} */ ([name, name]));
    await alternate(few, subjects, async (subject) => {
      const directory = bench.scratch.directory();
      const { put, get, putMemory, getMemory } = /** @type {Record<string, number>} */ (
        await run("stream", subject, directory, String(size))
      );
      for (const [operation, figure] of Object.entries({ put, get })) figures.add({ subject, operation }, figure ?? 0);
      for (const [operation, figure] of Object.entries({ "put memory": putMemory, "get memory": getMemory }))
        figures.add({ subject, operation, unit: "bytes" }, figure ?? 0);
      bench.scratch.remove(directory);
    });
    return figures.results();
  },
};
