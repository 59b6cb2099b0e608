import { createHash } from "node:crypto";

/** Lengths that meet every path: within the entry, content of its own, more than a block of it. */
const LENGTHS = [20, 300, 5000, 15_000, 40_000, 200_000, 1_200_000];

/** What keys begin with whose values are not long. */
export const SHORT = "short ";

/**
 * A value that says which write it is of, so that whoever reads it can tell whether it is whole and belongs here.
 * @typedef {{ readonly owner: string, readonly key: string, readonly n: number, readonly filler: string }} Value
 */

/**
 * @param {string} owner
 * @param {string} key
 * @param {number} n
 * @returns {Value}
 */
export function writtenAs(owner, key, n) {
  const digest = createHash("sha256").update(`${owner} ${key} ${n}`).digest();
  // Long ones seldom, or nothing but copying would be tried; none under the keys of a store with a bound, which a few of
  // them would fill faster than anybody can read back.
  const kinds = key.startsWith(SHORT) ? 5 : LENGTHS.length;
  const length = /** @type {number} */ (LENGTHS[Math.floor(((digest[0] ?? 0) / 256) ** 3 * kinds)]);
  return {
    owner,
    key,
    n,
    filler: digest
      .toString("hex")
      .repeat(Math.ceil(length / 64))
      .slice(0, length),
  };
}

/**
 * @param {unknown} value
 * @param {string} key
 * @returns {value is Value}
 */
export function isWhole(value, key) {
  const { owner, key: own, n, filler } = /** @type {Value} */ (value ?? {});
  return own === key && writtenAs(owner, key, n).filler === filler;
}
