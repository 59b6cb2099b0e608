/**
 * One figure: the median of all rounds, and the least and the most of them.
 * @typedef {object} Result
 * @property {string} workload
 * @property {string} subject - what was measured
 * @property {string} operation
 * @property {string} scale - the size, number or trace that it was measured at; "" when there is only one
 * @property {"ns" | "bytes" | "count" | "ratio"} unit
 * @property {number} median
 * @property {number} least
 * @property {number} most
 * @property {number} rounds
 */

/** @param {readonly number[]} numbers @returns {Pick<Result, "median" | "least" | "most" | "rounds">} */
function summary(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (least === undefined || most === undefined) throw new TypeError("nothing was measured");
  return { median: sorted[sorted.length >> 1] ?? least, least, most, rounds: sorted.length };
}

/** Figures of one workload, put together from the rounds. */
export class Collection {
  /** @type {Map<string, { readonly what: Pick<Result, "subject" | "operation" | "scale" | "unit">, readonly all: number[] }>} */
  #figures = new Map();

  /** @param {string} workload */
  constructor(workload) {
    this.workload = workload;
  }

  /** @param {Pick<Result, "subject" | "operation"> & Partial<Pick<Result, "scale" | "unit">>} what @param {number} figure */
  add({ subject, operation, scale = "", unit = "ns" }, figure) {
    const key = JSON.stringify([subject, operation, scale]);
    const held = this.#figures.get(key) ?? { what: { subject, operation, scale, unit }, all: [] };
    held.all.push(figure);
    this.#figures.set(key, held);
  }

  /** @returns {Result[]} */
  results() {
    return [...this.#figures.values()].map(({ what, all }) => ({ workload: this.workload, ...what, ...summary(all) }));
  }
}

/**
 * Finds the median of a figure; `undefined` when it was not measured.
 * @param {readonly Result[]} results
 * @returns {(workload: string, subject: string, operation: string, scale?: string) => number | undefined}
 */
export const lookup =
  (results) =>
  (workload, subject, operation, scale = "") =>
    results.find(
      (each) =>
        each.workload === workload && each.subject === subject && each.operation === operation && each.scale === scale,
    )?.median;
