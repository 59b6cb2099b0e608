import { bytesCodec, createCache } from "@cache/core";
import { ENTRY_COST, memoryStore } from "@cache/memory";
import { LRUCache } from "lru-cache";
import { Collection } from "../results.mjs";
import { alternate, timed } from "../rounds.mjs";
import { TRACES } from "./traces.mjs";

/** @typedef {import("../rounds.mjs").Workload} Workload */
/** @typedef {{ get(name: import("@cache/core").Name): unknown, put(name: import("@cache/core").Name, bytes: Uint8Array): unknown }} Memory */

const KEYS = 20_000;
const SIZE = 100;

/** @param {number} held @returns {Readonly<Record<string, () => Memory>>} */
function memories(held) {
  return {
    "lru-cache": () => {
      const kept = new LRUCache({
        maxSize: held * SIZE,
        sizeCalculation: (/** @type {Uint8Array} */ bytes) => bytes.byteLength,
      });
      return { get: (name) => kept.get(name), put: (name, bytes) => kept.set(name, bytes) };
    },
    // What a store owes whoever uses it: bytes that nobody else can change, and a promise, since others wait for a medium.
    "lru-cache, copying": () => {
      const kept = new LRUCache({
        maxSize: held * SIZE,
        sizeCalculation: (/** @type {Uint8Array} */ bytes) => bytes.byteLength,
      });
      return {
        get: async (name) => kept.get(name)?.slice(),
        put: async (name, bytes) => kept.set(name, new Uint8Array(bytes)),
      };
    },
    "memory store": () => {
      const store = memoryStore({ maxBytes: held * (SIZE + ENTRY_COST), maxEntries: held });
      return { get: (name) => store.get(name), put: (name, bytes) => store.put(name, bytes) };
    },
  };
}

/** @param {number} at @returns {import("@cache/core").Name} */
const nameOf = (at) => `entries/${at.toString(16).padStart(64, "0")}`;

/** @param {Memory} memory @param {readonly import("@cache/core").Name[]} names */
async function hitRatio(memory, names) {
  const bytes = new Uint8Array(SIZE);
  let hits = 0;
  for (const name of names) {
    if ((await memory.get(name)) !== undefined) hits += 1;
    else await memory.put(name, bytes);
  }
  return hits / names.length;
}

/** @type {Workload} */
export const memory = {
  name: "memory",
  about:
    "the memory store beside lru-cache: nanoseconds a call, and hits by trace for room for 1 % and 10 % of the keys",
  async measure(bench) {
    const figures = new Collection("memory");
    const names = Array.from({ length: KEYS }, (_, at) => nameOf(at));
    const nameAt = (/** @type {number} */ at) => /** @type {import("@cache/core").Name} */ (names[at % KEYS]);
    const bytes = new Uint8Array(SIZE);
    await alternate(bench, Object.entries(memories(KEYS / 2)), async (make, subject) => {
      const held = make();
      figures.add({ subject, operation: "insert" }, await timed(KEYS / 2, (at) => held.put(nameAt(at), bytes)));
      figures.add({ subject, operation: "get" }, await timed(KEYS, (at) => held.get(nameAt((at * 7) % (KEYS / 2)))));
      figures.add({ subject, operation: "update" }, await timed(KEYS / 2, (at) => held.put(nameAt(at), bytes)));
      const evicting = (/** @type {number} */ at) => held.put(nameAt(KEYS / 2 + at), bytes);
      figures.add({ subject, operation: "insert with eviction" }, await timed(KEYS / 2, evicting));
    });
    const cached = createCache({ store: memoryStore({ maxBytes: "100MB" }), codec: bytesCodec });
    for (let at = 0; at < 1000; at++) await cached.set(`key-${at}`, bytes);
    for (let round = 0; round < bench.rounds; round++)
      figures.add({ subject: "cache over it", operation: "get" }, await timed(1000, (at) => cached.get(`key-${at}`)));
    for (const [trace, make] of Object.entries(TRACES)) {
      const asked = make(KEYS, bench.quick ? 100_000 : 500_000).map(nameOf);
      for (const part of [0.01, 0.1]) {
        for (const [subject, open] of Object.entries(memories(KEYS * part))) {
          if (subject === "lru-cache, copying") continue;
          bench.tell(`${trace}, room for ${100 * part} %: ${subject}`);
          const scale = `${trace}, ${100 * part} %`;
          figures.add({ subject, operation: "hits", scale, unit: "ratio" }, await hitRatio(open(), asked));
        }
      }
    }
    return figures.results();
  },
};
