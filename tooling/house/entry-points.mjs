import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

/** @typedef {import("./workspace.mjs").Member} Member */

/**
 * The `exports` map: the source for our own tests, then types, then code, and nothing else.
 * @param {string} root
 * @param {Member} member
 * @returns {string[]}
 */
export function exportProblems(root, { folder, manifest }) {
  const { "./package.json": self, ...entries } = manifest.exports ?? {};
  const problems = Object.entries(entries).flatMap(([subpath, target]) => {
    const source = target?.["@cache/source"];
    if (!isSource(source)) return [`exports "${subpath}" has no "@cache/source" under ./src`];
    const shape = { "@cache/source": source, types: built(source, ".d.ts"), default: built(source, ".js") };
    if (!sameInOrder(target, shape)) return [`exports "${subpath}" should be ${JSON.stringify(shape)}, in this order`];
    return missing(root, folder, source);
  });
  if (self !== "./package.json") problems.push('exports lack "./package.json"');
  if (!("." in entries)) problems.push('exports lack "."');
  return problems;
}

/**
 * The `imports` map: Node's file and the portable one, from the sources and from what was built. Before them Bun's, where it is
 * not what Node is.
 * @param {string} root
 * @param {Member} member
 * @returns {string[]}
 */
export function importMapProblems(root, { folder, manifest }) {
  return Object.entries(manifest.imports ?? {}).flatMap(([name, target]) => {
    const { bun, node, default: portable } = target?.["@cache/source"] ?? {};
    const sources = bun === undefined ? { node, default: portable } : { bun, node, default: portable };
    if (!Object.values(sources).every(isSource))
      return [`imports "${name}" lacks "node" or "default" under "@cache/source"`];
    const compiled = Object.entries(sources).map(([condition, source]) => [condition, built(source, ".js")]);
    const shape = { "@cache/source": sources, ...Object.fromEntries(compiled) };
    if (!sameInOrder(target, shape)) return [`imports "${name}" should be ${JSON.stringify(shape)}, in this order`];
    return Object.values(sources).flatMap((source) => missing(root, folder, source));
  });
}

/**
 * @param {unknown} path
 * @returns {path is string}
 */
function isSource(path) {
  return typeof path === "string" && /^\.\/src\/.+\.ts$/.test(path);
}

/**
 * @param {string} source
 * @param {string} extension
 * @returns {string}
 */
function built(source, extension) {
  return source.replace(/^\.\/src\//, "./dist/").replace(/\.ts$/, extension);
}

/**
 * The order of conditions decides which one is taken.
 * @param {object} left
 * @param {object} right
 * @returns {boolean}
 */
function sameInOrder(left, right) {
  return isDeepStrictEqual(left, right) && JSON.stringify(left) === JSON.stringify(right);
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {string} file
 * @returns {string[]}
 */
function missing(root, folder, file) {
  return existsSync(join(root, folder, file)) ? [] : [`${file} is named but is not there`];
}
