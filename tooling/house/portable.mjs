import { posix } from "node:path";
import ts from "typescript";
import { filesMeant, sourceTargets } from "./resolve.mjs";
import { importsOf, lineOf, parse, walk } from "./syntax.mjs";

/** @typedef {import("./workspace.mjs").Finding} Finding */
/** @typedef {import("./workspace.mjs").Member} Member */

/** Packages that run wherever JavaScript does. */
const PORTABLE = new Set(["core", "calls", "memory", "metrics", "conformance", "crypto-envelope", "s3", "signer"]);

/** Folders of portable packages that are a subpath of their own, for Node only. */
const NODE_FOLDERS = ["packages/core/src/audit/", "packages/core/src/keyring-file/"];

/** Conditions of the manifest's `imports` under which Node's modules are there, and what their files are called. */
const FOR_NODE = new Set(["node", "bun"]);

const NODE_GLOBALS = new Set(["Buffer", "process", "setImmediate", "__dirname", "__filename"]);

/**
 * Node in portable sources. Its modules and globals belong to files named `node.ts` and `bun.ts` that those conditions of the
 * manifest's `imports` chooses, and to {@link NODE_FOLDERS}; nothing else may reach those files but through the map.
 * @param {string} root
 * @param {Member[]} members
 * @returns {Finding[]}
 */
export function checkPortable(root, members) {
  const portable = members.filter(
    ({ folder }) => PORTABLE.has(posix.basename(folder)) && folder.startsWith("packages/"),
  );
  return portable.flatMap((member) => {
    const forNode = nodeFiles(member);
    const others = member.sources.filter((file) => !forNode.has(file));
    return others.flatMap((file) => [...importsInto(root, member, file, forNode), ...globalsIn(root, file)]);
  });
}

/**
 * @param {Member} member
 * @returns {Set<string>}
 */
function nodeFiles(member) {
  const chosen = Object.keys(member.manifest.imports ?? {})
    .flatMap((name) => sourceTargets(member, name))
    .filter(({ condition, path }) => FOR_NODE.has(condition) && posix.basename(path) === `${condition}.ts`)
    .map(({ path }) => path);
  const inFolders = member.sources.filter((file) => NODE_FOLDERS.some((folder) => file.startsWith(folder)));
  return new Set([...chosen, ...inFolders]);
}

/**
 * @param {string} root
 * @param {Member} member
 * @param {string} file
 * @param {Set<string>} forNode
 * @returns {Finding[]}
 */
function importsInto(root, member, file, forNode) {
  return importsOf(root, file).flatMap(({ specifier = "", line }) => {
    if (specifier.startsWith("node:")) return [{ file, line, message: `${specifier} in a portable source` }];
    if (!specifier.startsWith(".")) return [];
    const target = filesMeant(member, file, specifier).find((path) => forNode.has(path));
    return target === undefined
      ? []
      : [{ file, line, message: `a portable source imports ${target}, which needs Node` }];
  });
}

/**
 * @param {string} root
 * @param {string} file
 * @returns {Finding[]}
 */
function globalsIn(root, file) {
  /** @type {Finding[]} */
  const found = [];
  walk(parse(root, file), (node) => {
    if (ts.isIdentifier(node) && NODE_GLOBALS.has(node.text) && isReference(node)) {
      found.push({ file, line: lineOf(node), message: `Node's ${node.text} in a portable source` });
    }
  });
  return found;
}

/**
 * Whether an identifier stands for a variable, and is not the name of a member or of something declared here.
 * @param {ts.Identifier} node
 * @returns {boolean}
 */
function isReference(node) {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  const named = /** @type {{ name?: ts.Node, propertyName?: ts.Node }} */ (/** @type {unknown} */ (parent));
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  return named.name !== node && named.propertyName !== node;
}
