import { randomFillSync } from "node:crypto";
import { fileStore } from "@cache/cas";
import { bytesCodec, createCache } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { Collection } from "../results.mjs";
import { alternate, timed, timedAtOnce } from "../rounds.mjs";
import { SLOTS } from "../subjects/kinds.mjs";

/** @typedef {import("../rounds.mjs").Workload} Workload */

const WIDTHS = [1, 8, 64];

/** @returns {Readonly<Record<string, (directory: string) => import("@cache/core").Cache<Uint8Array>>>} */
function caches() {
  const open = (/** @type {import("@cache/core").Store} */ store, /** @type {object} */ slots) =>
    createCache({ store, ...slots, codec: bytesCodec });
  return {
    "memory store": () => open(memoryStore({ maxBytes: "1GB" }), {}),
    ...Object.fromEntries(
      Object.entries(SLOTS).map(([name, slots]) => [
        `file store, ${name}`,
        (/** @type {string} */ directory) => open(fileStore(directory), slots()),
      ]),
    ),
  };
}

/** @type {Workload} */
export const computed = {
  name: "computed",
  about: "getOrSet of 1 KiB, and nine reads to a write, with so many calls under way at once",
  async measure(bench) {
    const figures = new Collection("computed");
    const count = bench.quick ? 100 : 1000;
    const value = randomFillSync(new Uint8Array(1024));
    await alternate(bench, Object.entries(caches()), async (open, subject) => {
      const directory = bench.scratch.directory();
      const cache = open(directory);
      const ask = (/** @type {number} */ at) => cache.getOrSet(`key-${at}`, () => value);
      figures.add({ subject, operation: "getOrSet miss" }, await timed(count, ask));
      figures.add({ subject, operation: "getOrSet hit" }, await timed(count, ask));
      for (const width of WIDTHS) {
        const mixed = (/** @type {number} */ at) =>
          at % 10 === 0 ? cache.set(`key-${at}`, value) : cache.get(`key-${(at * 7) % count}`);
        const time = await timedAtOnce(count, width, mixed);
        figures.add({ subject, operation: "90/10", scale: `${width} at once` }, time);
      }
      await cache.close();
      bench.scratch.remove(directory);
    });
    return figures.results();
  },
};
