import { randomFillSync } from "node:crypto";
import { Collection } from "../results.mjs";
import { alternate, timed } from "../rounds.mjs";
import { KINDS } from "../subjects/kinds.mjs";
import { limitAsync, limitSync } from "../subjects/limits.mjs";
import * as peers from "../subjects/peers.mjs";

/** @typedef {import("../subjects/subject.mjs").Keeper} Keeper */
/** @typedef {import("../subjects/subject.mjs").Subject} Subject */
/** @typedef {import("../rounds.mjs").Workload} Workload */

/** @type {Readonly<Record<string, Subject>>} */
const SUBJECTS = {
  limit: limitSync,
  "limit, fs/promises": limitAsync,
  ...KINDS,
  cacache: peers.cacacheByKey,
  "unstorage, files": peers.unstorageFiles,
  "keyv-file": peers.keyvFile,
  "blockstore-fs": peers.blockstoreFiles,
  "lmdb without sync": peers.lmdbWithoutSync,
  "better-sqlite3 without sync": peers.sqlite,
};

/** Peers that keep all in one file, or large values badly, are not asked for more. */
const SMALL_ONLY = ["keyv-file"];
/** Only these know, opened again, what was put before. */
const REOPENED = ["file store", "cacache", "unstorage, files", "lmdb without sync", "better-sqlite3 without sync"];

const SIZES = [
  { name: "256 B", size: 256, count: 1000 },
  { name: "1 KiB", size: 1024, count: 1000 },
  { name: "4 KiB", size: 4096, count: 1000 },
  { name: "64 KiB", size: 65_536, count: 300 },
  { name: "1 MiB", size: 1_048_576, count: 40 },
];
const QUICK = ["1 KiB", "64 KiB", "1 MiB"];

const keyOf = (/** @type {number} */ at) => `key-${at}`;

/** @param {readonly unknown[]} got @param {readonly Uint8Array[]} values @param {string} name */
function requireSame(got, values, name) {
  for (const [at, value] of values.entries()) {
    const same = got[at] instanceof Uint8Array && Buffer.compare(/** @type {Uint8Array} */ (got[at]), value) === 0;
    if (!same) throw new Error(`${name}: ${keyOf(at)} came back as something else`);
  }
}

/** @param {Keeper} keeper @param {readonly Uint8Array[]} values @param {string} name */
async function timeGets(keeper, values, name) {
  /** @type {unknown[]} */
  const got = [];
  const time = await timed(values.length, async (at) => got.push(await keeper.get(keyOf(at))));
  requireSame(got, values, name);
  return time;
}

/**
 * Puts, gets and asks for values of one size, one after the other.
 * @param {Keeper} keeper
 * @param {readonly Uint8Array[]} values
 * @param {string} name
 */
export async function timeKeeper(keeper, values, name) {
  const { has } = keeper;
  const put = await timed(values.length, (at) => keeper.put(keyOf(at), /** @type {Uint8Array} */ (values[at])));
  const first = await timeGets(keeper, values, name);
  const get = await timeGets(keeper, values, name);
  return { put, "get first": first, get, ...(has && { has: await timed(values.length, (at) => has(keyOf(at))) }) };
}

/**
 * Makes a store one that is in use, since the directories that its first values make are no part of what others cost.
 * @param {Keeper} keeper
 * @param {number} count
 */
async function use(keeper, count) {
  for (let at = 0; at < count; at++) await keeper.put(`before-${at}`, new TextEncoder().encode(`value ${at}`));
  await keeper.prepare?.(count);
}

/** A peer that is not built for this machine is left out, and that is said. @param {import("../rounds.mjs").Bench} bench */
async function thoseThatAreThere({ scratch }) {
  /** @type {[string, Subject][]} */
  const there = [];
  for (const [name, open] of Object.entries(SUBJECTS)) {
    try {
      await (await open(scratch.directory())).close?.();
      there.push([name, open]);
    } catch (error) {
      console.error(`${name} is left out: ${String(error).split("\n")[0]}`);
    }
  }
  return there;
}

/** @type {Workload} */
export const values = {
  name: "values",
  about:
    "nanoseconds a call, one after the other; get first is the first of what was put, get one more, get cold by a cache that was just opened",
  async measure(bench) {
    const figures = new Collection("values");
    const there = await thoseThatAreThere(bench);
    for (const { name: scale, size, count } of SIZES.filter(({ name }) => !bench.quick || QUICK.includes(name))) {
      const many = Array.from({ length: bench.quick ? Math.ceil(count / 4) : count }, () =>
        randomFillSync(new Uint8Array(size)),
      );
      const all = there.filter(([name]) => size < 65_536 || !SMALL_ONLY.includes(name));
      await alternate(bench, all, async (open, subject) => {
        const directory = bench.scratch.directory();
        const keeper = await open(directory);
        await use(keeper, bench.quick ? 400 : 1000);
        for (const [operation, time] of Object.entries(await timeKeeper(keeper, many, subject)))
          figures.add({ subject, operation, scale }, time);
        await keeper.close?.();
        if (REOPENED.some((each) => subject.startsWith(each))) {
          const again = await open(directory);
          figures.add({ subject, operation: "get cold", scale }, await timeGets(again, many, subject));
          await again.close?.();
        }
        bench.scratch.remove(directory);
      });
    }
    return figures.results();
  },
};
