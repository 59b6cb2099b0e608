import ts from "typescript";
import { lineOf, parse, walk } from "./syntax.mjs";

/** @typedef {import("./workspace.mjs").Finding} Finding */
/** @typedef {import("./workspace.mjs").Member} Member */

/** Lines of a file; of a function with the functions in it; of a function without them. */
const LIMITS = { file: 200, whole: 80, own: 30 };

/**
 * Sources that are too long to have one job.
 * @param {string} root
 * @param {Member[]} members
 * @returns {Finding[]}
 */
export function checkSizes(root, members) {
  return members.flatMap(({ sources }) => sources.flatMap((file) => findingsIn(root, file)));
}

/**
 * @param {string} root
 * @param {string} file
 * @returns {Finding[]}
 */
function findingsIn(root, file) {
  const tree = parse(root, file);
  const lines = tree.text.trimEnd().split("\n").length;
  /** @type {Finding[]} */
  const found = lines > LIMITS.file ? [{ file, message: `${lines} lines; a file has at most ${LIMITS.file}` }] : [];
  walk(tree, (node) => {
    const message = isFunction(node) ? tooLong(node) : undefined;
    if (message !== undefined) found.push({ file, line: lineOf(node), message });
  });
  return found;
}

/**
 * @param {ts.Node} node
 * @returns {string | undefined}
 */
function tooLong(node) {
  const whole = linesOf(node);
  const own = whole - linesInside(node);
  if (whole > LIMITS.whole) return `a function of ${whole} lines; with the functions in it at most ${LIMITS.whole}`;
  if (own > LIMITS.own) return `a function of ${own} lines; at most ${LIMITS.own} besides the functions in it`;
  return undefined;
}

/**
 * Lines of the functions directly inside, one line less each, as a line that also belongs to the outer one.
 * @param {ts.Node} node
 * @returns {number}
 */
function linesInside(node) {
  let lines = 0;
  ts.forEachChild(node, (child) => {
    lines += isFunction(child) ? linesOf(child) - 1 : linesInside(child);
  });
  return lines;
}

/**
 * @param {ts.Node} node
 * @returns {boolean}
 */
function isFunction(node) {
  return ts.isFunctionLike(node) && "body" in node && node.body !== undefined;
}

/**
 * @param {ts.Node} node
 * @returns {number}
 */
function linesOf(node) {
  const tree = node.getSourceFile();
  return tree.getLineAndCharacterOfPosition(node.end).line + 2 - lineOf(node);
}
