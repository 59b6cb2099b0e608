// SUBJECT COUNT [content]: care of a store of so many entries that exist only while they are looked at, in a process of its own. Prints
// nanoseconds and bytes of memory for each entry: those that the care itself keeps.
import { createCache } from "@cache/core";
import { collectGarbage, storeStats, verifyStore } from "@cache/core/maintenance";
import { SLOTS } from "../subjects/kinds.mjs";

const [subject = "", length = "", content] = process.argv.slice(2);
const count = Number(length);
const slots = SLOTS[subject]?.() ?? {};
const valueAt = (/** @type {number} */ at) => `${at}${"x".repeat(1000)}`;

/** More than are looked at at once. */
const KEPT = 256;
/** @type {Map<string, { readonly bytes: Uint8Array, readonly modified: number }>} */
const kept = new Map();
/** @type {import("@cache/core").Name[]} */
const fresh = [];
let held = 0;
const row = (/** @type {import("@cache/core").Name} */ name) => {
  const found = kept.get(name);
  return found && { size: found.bytes.byteLength, modified: found.modified, version: "1" };
};

/** Entries are made as they are listed, and forgotten again. @type {import("@cache/core").Store} */
const store = {
  get: async (name) => kept.get(name)?.bytes.slice(),
  async open(name, { start = 0, end } = {}) {
    const bytes = kept.get(name)?.bytes.slice(start, end);
    return bytes && pieces(bytes);
  },
  async put(name, bytes) {
    kept.set(name, { bytes: bytes.slice(), modified: Date.now() });
    fresh.push(name);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return { written: true };
  },
  putStream: () => Promise.reject(new Error("nothing is streamed")),
  stat: async (name) => row(name),
  delete: () => Promise.reject(new Error("nothing is deleted")),
  async *list(kind) {
    for (let at = 0; at < count; at++) {
      fresh.length = 0;
      await cache.set(`key-${at}`, valueAt(at));
      const name = fresh.find((each) => each.startsWith(kind));
      if (name === undefined) continue;
      const found = row(name);
      if (found !== undefined) yield { name, ...found };
    }
    // What is held by now is what the work keeps of all of them.
    globalThis.gc?.();
    held = process.memoryUsage().heapUsed;
  },
};
const cache = createCache({ store, ...slots, inlineLimit: content === undefined ? "64KiB" : 1 });

/** @param {Uint8Array} bytes */
async function* pieces(bytes) {
  yield bytes;
}

/** @param {() => Promise<unknown>} work */
async function watched(work) {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const began = performance.now();
  await work();
  const time = ((performance.now() - began) * 1e6) / count;
  return { time, memory: (held - before) / count };
}

/** @type {Record<string, { time: number, memory: number }>} */
const figures = {};
for (const [operation, work] of Object.entries({
  list: () => storeStats({ store }),
  verify: () => verifyStore({ store, ...slots }),
  gc: () => collectGarbage({ store, ...slots }),
}))
  figures[operation] = await watched(work);
process.stdout.write(JSON.stringify(figures));
