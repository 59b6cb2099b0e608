import { GROUPS, MISUSES } from "./cases.mjs";

/** @typedef {import("./titles.mjs").Titled} Titled */

const BEGIN = "<!-- cases of misuse: begin, written by `pnpm run misuse` -->";
const END = "<!-- cases of misuse: end -->";

/**
 * Where a case is tried, or why it is not.
 * @param {number} number
 * @param {readonly Titled[]} titles
 * @returns {string | undefined} undefined when neither can be said
 */
function tests(number, titles) {
  const files = new Set(titles.filter(({ numbers }) => numbers.includes(number)).map(({ file }) => file));
  if (files.size > 0) return [...files].map((file) => `[${shortName(file)}](../${file})`).join(", ");
  return MISUSES[number]?.without;
}

/** @param {string} file */
const shortName = (file) =>
  file
    .replace(/^(packages|apps|tooling)\//, "")
    .replace("/test/", "/")
    .replace(/\.test\.ts$/, "");

/**
 * The table for the document, and the cases that nothing tries.
 * @param {readonly Titled[]} titles
 * @returns {{ table: string, untried: number[] }}
 */
export function misuseTable(titles) {
  const rows = Object.entries(MISUSES).map(([text, { tried, answer }]) => {
    const number = Number(text);
    const group =
      GROUPS[number] === undefined
        ? ""
        : `\n### ${GROUPS[number]}\n\n| | tried | answer | tests |\n|---|---|---|---|\n`;
    return `${group}| M${number} | ${tried} | ${answer} | ${tests(number, titles) ?? "none"} |`;
  });
  const untried = Object.keys(MISUSES)
    .map(Number)
    .filter((number) => tests(number, titles) === undefined);
  return { table: `${BEGIN}\n${rows.join("\n")}\n\n${END}`, untried };
}

/**
 * A document with its table replaced.
 * @param {string} document
 * @param {string} table
 * @returns {string}
 */
export function withTable(document, table) {
  const [before, rest] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error("the document has no place for the table");
  return before + table + after;
}
