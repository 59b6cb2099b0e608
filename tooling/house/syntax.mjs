import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** @type {Map<string, ts.SourceFile>} */
const parsed = new Map();

/**
 * The syntax tree of a file; each file is parsed once.
 * @param {string} root
 * @param {string} file
 * @returns {ts.SourceFile}
 */
export function parse(root, file) {
  const path = join(root, file);
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const tree = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  parsed.set(path, tree);
  return tree;
}

/**
 * Calls back for a node and all below it.
 * @param {ts.Node} node
 * @param {(node: ts.Node) => void} visit
 */
export function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/**
 * Where a node stands, counted from 1.
 * @param {ts.Node} node
 * @returns {number}
 */
export function lineOf(node) {
  const tree = node.getSourceFile();
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/**
 * One place where a file names another module: `import`, `export from`, `import()`, a type's `import("…")`, `require`.
 * `specifier` is undefined for one that is computed when the program runs.
 * @typedef {{ specifier: string | undefined, line: number }} Import
 */

/**
 * @param {string} root
 * @param {string} file
 * @returns {Import[]}
 */
export function importsOf(root, file) {
  /** @type {Import[]} */
  const found = [];
  walk(parse(root, file), (node) => {
    const module = moduleNamedBy(node);
    if (module === undefined) return;
    const specifier = ts.isStringLiteralLike(module) ? module.text : undefined;
    found.push({ specifier, line: lineOf(node) });
  });
  return found;
}

/**
 * @param {ts.Node} node
 * @returns {ts.Node | undefined}
 */
function moduleNamedBy(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
  if (!ts.isCallExpression(node)) return undefined;
  const called = node.expression;
  const loads = called.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(called) && called.text === "require");
  return loads ? node.arguments[0] : undefined;
}
