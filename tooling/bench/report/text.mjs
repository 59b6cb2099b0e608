/** @typedef {import("../results.mjs").Result} Result */
/** @typedef {import("../targets.mjs").Judged} Judged */

/** Three digits that say something. @param {number} number */
export const short = (number) => (number === 0 ? "0" : String(Number(number.toPrecision(number >= 100 ? 3 : 2))));

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** What others are measured by, in every workload. */
const BASES = [
  "limit",
  "lru-cache",
  "SHA-256 alone",
  "node -e 0",
  "file store, plain",
  "1 at once",
  "file store",
  "memory store",
  "by hand, ioredis",
  "by hand, SDK",
];

/** @param {number} bytes */
function amount(bytes) {
  if (bytes < 1024) return `${short(bytes)} B`;
  return bytes < 1_048_576 ? `${short(bytes / 1024)} KiB` : `${short(bytes / 1_048_576)} MiB`;
}

/** @param {readonly Result[]} group @returns {Result} */
const baseOf = (group) =>
  /** @type {Result} */ (
    BASES.map((name) => group.find(({ subject }) => subject === name)).find((each) => each !== undefined) ?? group[0]
  );

/** @param {Result} result @param {Result} base */
function cell(result, base) {
  const { median, least, most, unit } = result;
  if (unit === "bytes") return amount(median);
  if (unit !== "ns") return short(median);
  const spread = median === 0 ? 0 : Math.max(most / median - 1, 1 - least / median);
  return `${short(median / base.median)} (±${short(100 * spread)} %)`;
}

/**
 * The figures of a workload: times as ratios to those of the first column's measure, with how far rounds lie apart; a row for each subject, a column for each operation.
 * @param {readonly Result[]} results
 */
export function workloadTable(results) {
  const columns = [...new Set(results.map(({ operation, scale }) => JSON.stringify([operation, scale])))];
  const subjects = [...new Set(results.map(({ subject }) => subject))];
  const groups = columns.map((column) =>
    results.filter(({ operation, scale }) => JSON.stringify([operation, scale]) === column),
  );
  const head = ["", ...columns.map((column) => JSON.parse(column).filter(Boolean).join(" "))];
  const rows = subjects.map((subject) => [
    subject,
    ...groups.map((group) => {
      const result = group.find((each) => each.subject === subject);
      return result === undefined ? "" : cell(result, baseOf(group));
    }),
  ]);
  return table(head, rows);
}

/** @param {readonly Judged[]} judged */
export function targetTable(judged) {
  const rows = judged.map(({ id, what, side, bound, is, reached }) =>
    is === undefined
      ? [id, what, `${side} ${bound}`, "", "not measured"]
      : [id, what, `${side} ${bound}`, short(is), reached ? "reached" : "NOT REACHED"],
  );
  return table(["", "ratio", "target", "is", ""], rows);
}
