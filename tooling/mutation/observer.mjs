// Loaded before each file of tests: what the switches in the sources call. It keeps, for each test, the steps that refused
// something in it; no other test can notice when one is gone.
import { afterEach, beforeEach, inject } from "vitest";

/** @type {string | undefined} */
const removed = /** @type {(key: string) => any} */ (inject)("removed");
/** @type {Set<string>} */
const before = new Set();
let refused = before;

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
  /** @param {string} id @param {unknown} error */
  checks(id, error) {
    refused.add(id);
    if (id !== removed) throw error;
  },
};

beforeEach(() => {
  refused = new Set(before);
});

afterEach(({ task }) => {
  /** @type {any} */ (task.meta).refused = [...refused];
  refused = before;
});
