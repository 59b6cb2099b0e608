/**
 * What shows that a row holds: a test by its file and a part of its title, or a command.
 * @typedef {{ readonly file: string, readonly title: string } | { readonly command: string }} Evidence
 */

/**
 * One row of the table in `docs/coverage.md`.
 * @typedef {object} Row
 * @property {number} number
 * @property {string} feature
 * @property {boolean} declined
 * @property {boolean} open - to come
 * @property {readonly Evidence[]} evidence
 */

const TEST = /\[[^\]]+\]\(\.\.\/([^)]+)\): "([^"]+)"/g;
const COMMAND = /`((?:cache|npm run|npm|pnpm) [^`]+)`/g;

/**
 * The rows of the table, in order.
 * @param {string} document
 * @returns {Row[]}
 */
export function rowsIn(document) {
  return document.split("\n").flatMap((line) => {
    const [, number, feature = "", here = "", shown = ""] =
      /^\| (\d+) \| ([^|]*) \| ([^|]*) \| (.*) \|$/.exec(line) ?? [];
    if (number === undefined) return [];
    const tests = [...shown.matchAll(TEST)].map(([, file = "", title = ""]) => ({ file, title }));
    const commands = [...shown.matchAll(COMMAND)].map(([, command = ""]) => ({ command }));
    const [declined, open] = [here.startsWith("declined: "), here.startsWith("to come")];
    return [{ number: Number(number), feature, declined, open, evidence: [...tests, ...commands] }];
  });
}
