import { performance } from "node:perf_hooks";

/**
 * What a workload is given: where to work, how much, and whom to tell.
 * @typedef {object} Bench
 * @property {import("./scratch.mjs").Scratch} scratch
 * @property {number} rounds
 * @property {boolean} quick - less of everything, for a look in between
 * @property {(what: string) => void} tell - shows how far it is, to somebody at a terminal
 */

/**
 * A workload: figures of some subjects, measured side by side.
 * @typedef {object} Workload
 * @property {string} name
 * @property {string} about - what is measured, in a sentence
 * @property {(bench: Bench) => Promise<import("./results.mjs").Result[]>} measure
 */

/**
 * Runs every subject in every round, each round beginning with another, so that what disturbs the machine, and what the one before left
 * behind, disturbs all of them.
 * @template T
 * @param {Bench} bench
 * @param {readonly (readonly [name: string, subject: T])[]} subjects
 * @param {(subject: T, name: string) => Promise<void>} run
 */
export async function alternate({ rounds, tell }, subjects, run) {
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < subjects.length; at++) {
      const [name, subject] = /** @type {readonly [string, T]} */ (subjects[(at + round) % subjects.length]);
      tell(`round ${round + 1} of ${rounds}: ${name}`);
      await run(subject, name);
    }
  }
}

/**
 * Nanoseconds for each of many calls, one after the other.
 * @param {number} count
 * @param {(at: number) => unknown} call
 */
export async function timed(count, call) {
  const began = performance.now();
  for (let at = 0; at < count; at++) await call(at);
  return ((performance.now() - began) * 1e6) / count;
}

/**
 * The same with so many calls under way at once.
 * @param {number} count
 * @param {number} width
 * @param {(at: number) => Promise<unknown>} call
 */
export async function timedAtOnce(count, width, call) {
  let next = 0;
  const lane = async () => {
    while (next < count) await call(next++);
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: width }, lane));
  return ((performance.now() - began) * 1e6) / count;
}
