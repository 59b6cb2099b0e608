import { fileStore } from "@cache/cas";
import { bytesCodec, createCache } from "@cache/core";
import { collectGarbage, verifyStore } from "@cache/core/maintenance";
import { Collection } from "../results.mjs";
import { timed } from "../rounds.mjs";
import { cacacheByKey } from "../subjects/peers.mjs";

/** @typedef {import("../rounds.mjs").Workload} Workload */

const SAMPLE = 1000;
const value = new Uint8Array(256);
const DAY = 86_400_000;

/** Steps that meet every part of a store, in an order that looks random. @param {number} at @param {number} held */
const somewhere = (at, held) => (at * 7919) % held;

/** @param {readonly number[]} numbers */
function sizesOf(numbers, quick = false) {
  return quick ? numbers.slice(0, Math.max(1, numbers.length - 2)) : numbers;
}

/**
 * A store that grows: what a call costs at each size, and a whole verification, listing and collection.
 * @param {import("../rounds.mjs").Bench} bench
 * @param {Collection} figures
 */
async function ours(bench, figures) {
  const directory = bench.scratch.directory();
  const store = fileStore(directory, { maxBytes: "1TB" });
  const cache = createCache({ store, codec: bytesCodec });
  let held = 0;
  for (const size of sizesOf([1000, 10_000, 50_000, 200_000], bench.quick)) {
    while (held < size - SAMPLE) await cache.set(`key-${held++}`, value);
    bench.tell(`a store of ${size}`);
    const scale = `${size} entries`;
    const add = (/** @type {string} */ operation, /** @type {number} */ figure) =>
      figures.add({ subject: "file store", operation, scale }, figure);
    for (let round = 0; round < 3; round++) {
      const from = size - SAMPLE;
      add("put", await timed(SAMPLE, (at) => cache.set(`key-${from + at}`, value)));
      add("get", await timed(SAMPLE, (at) => cache.get(`key-${somewhere(at, size)}`)));
      add("has", await timed(SAMPLE, (at) => cache.has(`key-${somewhere(at, size)}`)));
    }
    held = size;
    add(
      "ls, each",
      (await timed(1, async () => {
        for await (const _ of cache.keys());
      })) / size,
    );
    add("verify, each", (await timed(1, () => verifyStore({ store }))) / size);
    const old = { store, now: () => Date.now() + 40 * DAY };
    add("gc, each", (await timed(1, () => collectGarbage(old))) / size);
  }
  await cache.close();
  bench.scratch.remove(directory);
}

/**
 * A store that is full: each put makes room.
 * @param {import("../rounds.mjs").Bench} bench
 * @param {Collection} figures
 */
async function full(bench, figures) {
  for (const size of sizesOf([1000, 10_000, 50_000, 200_000], bench.quick)) {
    bench.tell(`a full store of ${size}`);
    const directory = bench.scratch.directory();
    const cache = createCache({ store: fileStore(directory, { maxEntries: size }), codec: bytesCodec });
    for (let at = 0; at < size; at++) await cache.set(`key-${at}`, value);
    const count = Math.max(SAMPLE, Math.ceil(size / 4));
    const time = await timed(count, (at) => cache.set(`more-${at}`, value));
    figures.add({ subject: "file store", operation: "put with eviction", scale: `${size} entries` }, time);
    await cache.close();
    bench.scratch.remove(directory);
  }
}

/**
 * What the peer takes for the same, while one can wait for it.
 * @param {import("../rounds.mjs").Bench} bench
 * @param {Collection} figures
 */
async function cacache(bench, figures) {
  const { default: peer } = await import("cacache");
  const directory = bench.scratch.directory();
  const keeper = await cacacheByKey(directory);
  let held = 0;
  for (const size of sizesOf([1000, 10_000], bench.quick)) {
    bench.tell(`a cacache of ${size}`);
    const unlike = (/** @type {number} */ at) => Buffer.from(`${at}`.padEnd(256));
    while (held < size) await keeper.put(`key-${held}`, unlike(held++));
    const add = (/** @type {string} */ operation, /** @type {number} */ figure) =>
      figures.add({ subject: "cacache", operation, scale: `${size} entries` }, figure);
    add("ls, each", (await timed(1, () => peer.ls(directory))) / size);
    add("verify, each", (await timed(1, () => peer.verify(directory))) / size);
  }
  bench.scratch.remove(directory);
}

/** @type {Workload} */
export const growth = {
  name: "growth",
  about:
    "what a call costs in a small store and in a large one, and a verification, listing and collection for each entry",
  async measure(bench) {
    const figures = new Collection("growth");
    await ours(bench, figures);
    await full(bench, figures);
    await cacache(bench, figures);
    return figures.results();
  },
};
