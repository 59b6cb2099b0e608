/** @typedef {import("./measure.mjs").Measured} Measured */

/** @param {number} ratio */
const text = (ratio) => (ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(1));

/**
 * The times of all as ratios to those of the first, as a table of Markdown.
 * @param {readonly Measured[]} measured
 */
export function tableOf(measured) {
  const [first] = measured;
  if (first === undefined) throw new TypeError("nothing was measured");
  const rows = measured.map(
    ({ name, write, read }) => `| ${name} | ${text(write / first.write)} | ${text(read / first.read)} |`,
  );
  return ["| cache | write | validated read |", "|---|---|---|", ...rows].join("\n");
}
