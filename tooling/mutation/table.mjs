/** @typedef {import("./mutate.mjs").Result} Result */

const COLUMNS = /** @type {const} */ (["found", "excused", "SURVIVED"]);

/**
 * What became of the steps of each place, as the table in docs/reliability.md.
 * @param {readonly Result[]} results
 * @returns {string}
 */
export function tableOf(results) {
  const places = [...new Set(results.map(({ place }) => place))];
  const rows = places.map((place) =>
    rowOf(
      place,
      results.filter((each) => each.place === place),
    ),
  );
  const all = rowOf("all", results);
  return ["| place | steps | found | excused | survivors |", "|---|---|---|---|---|", ...rows, all].join("\n");
}

/** @param {string} name @param {readonly Result[]} results */
function rowOf(name, results) {
  const counts = COLUMNS.map((column) => results.filter(({ outcome }) => outcome === column).length);
  return `| ${name} | ${results.length} | ${counts.join(" | ")} |`;
}
