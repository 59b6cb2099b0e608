// Loaded before each file of tests: what the switches in the sources call. It keeps, for each test, the steps that refused
// something in it; no other test can notice when one is gone.
import { afterEach, beforeEach, inject } from "vitest";

/** @type {string | undefined} */
const removed = /** @type {(key: string) => any} */ (inject)("removed");
/** @type {Set<string>} */
const before = new Set();
let refused = before;
/** Steps that are calls: one that only tells of something refuses nothing, and is missed all the same. */
let reached = new Set();

/** @type {any} */ (globalThis).__steps = {
  /** @param {string} id @param {unknown} condition */
  refuses(id, condition) {
    if (condition) refused.add(id);
    return id === removed ? false : condition;
  },
  /** @param {string} id @param {unknown} condition */
  accepts(id, condition) {
    if (!condition) refused.add(id);
    return id === removed ? true : condition;
  },
  /** Asked before a call, and told of what it throws. @param {string} id @param {unknown} [error] */
  checks(id, error) {
    if (error === undefined) {
      reached.add(id);
      return id !== removed;
    }
    refused.add(id);
    throw error;
  },
};

beforeEach(() => {
  refused = new Set(before);
  reached = new Set();
});

afterEach(({ task }) => {
  Object.assign(task.meta, { refused: [...refused], reached: [...reached] });
  refused = before;
});
