import { existsSync, readFileSync } from "node:fs";
import { rowsIn } from "./rows.mjs";

/** @typedef {{ readonly name: string, readonly assertionResults: readonly { readonly fullName: string, readonly status: string }[] }} TestFile */
/** @typedef {import("./rows.mjs").Row} Row */

const ROWS = 100;

/**
 * What is wrong with the table of `docs/coverage.md`: rows that are missing or show nothing, tests that are not there or did not
 * pass, commands that the programs have not.
 * @param {string} document
 * @param {readonly TestFile[]} ran - as vitest reports it
 * @param {{ readonly root: string, readonly commands: readonly string[], readonly scripts: readonly string[] }} project
 * @returns {{ problems: string[], verdict: string }}
 */
export function checkCoverage(document, ran, { root, commands, scripts }) {
  const rows = rowsIn(document);
  /** @type {string[]} */
  const problems = [];
  rows.forEach(({ number }, at) => {
    if (number !== at + 1) problems.push(`row ${at + 1} is numbered ${number}`);
  });
  if (rows.length !== ROWS) problems.push(`there are ${rows.length} rows, not ${ROWS}`);
  for (const row of rows) {
    if (row.evidence.length === 0 && !row.declined && !row.open) problems.push(`row ${row.number} shows nothing`);
    for (const each of row.evidence) {
      const problem =
        "command" in each ? missingCommand(each.command, commands, scripts) : missingTest(each, ran, root);
      if (problem !== undefined) problems.push(`row ${row.number}: ${problem}`);
    }
  }
  const [declined, open] = [rows.filter((row) => row.declined), rows.filter((row) => row.open)];
  const shown = rows.length - declined.length - open.length;
  const rest = `${declined.length} declined, ${open.length} to come`;
  return { problems, verdict: `docs/coverage.md: ${shown} of ${rows.length} rows shown, ${rest}` };
}

/**
 * @param {{ readonly file: string, readonly title: string }} test
 * @param {readonly TestFile[]} ran
 * @param {string} root
 * @returns {string | undefined}
 */
function missingTest({ file, title }, ran, root) {
  if (!existsSync(root + file)) return `there is no ${file}`;
  const results = ran.find(({ name }) => name === root + file)?.assertionResults ?? [];
  const meant = results.filter(({ fullName }) => fullName.includes(title));
  if (meant.length === 0) return `no test "${title}" ran in ${file}`;
  // Some tests need root, or a disk of their own; they say so themselves.
  if (meant.every(({ status }) => status === "failed")) return `"${title}" in ${file} did not pass`;
  return undefined;
}

/**
 * @param {string} command
 * @param {readonly string[]} commands
 * @param {readonly string[]} scripts
 * @returns {string | undefined}
 */
function missingCommand(command, commands, scripts) {
  const [program = "", first = "", second = ""] = command.split(" ");
  const [known, name] = program === "cache" ? [commands, first] : [scripts, first === "run" ? second : first];
  return known.includes(name) ? undefined : `there is no command "${command}"`;
}

/**
 * The commands of `cache`, by the table that the program has.
 * @param {string} root
 */
export function commandsIn(root) {
  const table = readFileSync(`${root}packages/cli/src/commands.ts`, "utf8");
  return [...table.matchAll(/^ {2}"?([a-z][\w-]*)"?[:,(]/gm)].map(([, name = ""]) => name);
}

/** @param {string} root */
export function scriptsIn(root) {
  const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  return Object.keys(scripts);
}
