import { isWhole, writtenAs } from "./values.mjs";

/** @typedef {import("@cache/core").Cache} Cache */

/**
 * What the steps are done to.
 * @typedef {object} Bench
 * @property {Cache} cache
 * @property {import("@cache/cas").FileStore} store - of that cache
 * @property {Cache} elsewhere - in a directory that is not there yet
 */

const LARGE = "x".repeat(1_200_000);
const streamed = Buffer.alloc(2_500_000, "stream ");

/**
 * What is done while calls are counted. Each begins from what {@link prepare} left.
 * @type {Readonly<Record<string, (bench: Bench) => Promise<unknown>>>}
 */
export const STEPS = {
  "put small": ({ cache }) => cache.set("small", writtenAs("2", "small", 2)),
  "put large": ({ cache }) => cache.set("large", { ...writtenAs("2", "large", 2), more: LARGE }),
  "put new": ({ cache }) => cache.set("new", writtenAs("2", "new", 2)),
  "put stream": ({ cache }) =>
    cache.blobs.put(
      (async function* () {
        for (let at = 0; at < streamed.length; at += 100_000) yield streamed.subarray(at, at + 100_000);
      })(),
    ),
  get: async ({ cache }) => {
    for (const key of ["small", "large", "new"]) {
      const found = await cache.get(key);
      if (found !== undefined && !isWhole(found, key)) throw new Error(`${key} was read and is wrong`);
    }
  },
  delete: ({ cache }) => cache.delete("gone"),
  collect: async ({ store }) => {
    await store.maintenance.sweepTemporary({ olderThan: 1 });
    await store.maintenance.evict();
  },
  make: ({ elsewhere }) => elsewhere.set("first", writtenAs("2", "first", 2)),
};

/** @param {Cache} cache */
export async function prepare(cache) {
  for (const key of ["small", "large", "gone"]) await cache.set(key, writtenAs("1", key, 1));
}

/**
 * What is wrong after the steps were done, failed or were cut off.
 * @param {Cache} cache
 * @param {string} out - what the steps said
 * @param {boolean} [mayMiss] - what was written may be gone
 * @returns {Promise<string[]>}
 */
export async function problemsAfter(cache, out, mayMiss = false) {
  const done = new Set(
    out
      .split("\n")
      .filter((line) => line.startsWith("done "))
      .map((line) => line.slice(5)),
  );
  const problems = [];
  for (const key of ["small", "large", "new", "gone"]) {
    const found = /** @type {import("./values.mjs").Value | undefined} */ (await cache.get(key));
    const finished = done.has(`put ${key}`);
    if (found !== undefined && !isWhole(found, key)) problems.push(`${key} is wrong`);
    else if (mayMiss && found === undefined) continue;
    else if (finished && found?.n !== 2) problems.push(`${key} was finished and is not there`);
    else if ((key === "small" || key === "large") && found === undefined) problems.push(`${key} is lost`);
    else if (key === "gone" && done.has("delete") && found !== undefined) problems.push("what was deleted is there");
  }
  return problems;
}
