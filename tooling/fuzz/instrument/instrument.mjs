import ts from "typescript";
import { Edits } from "./edits.mjs";

/** What a module needs to count: its own part of the map of blocks, and what looks at operands and at sizes. */
const HEAD = (/** @type {number} */ blocks, /** @type {number} */ comparisons) =>
  `const { hit: $hit, equal: $equal, less: $less, size: $size } = globalThis.fuzzProbe.module(${blocks}, ${comparisons});`;

const { SyntaxKind } = ts;
const EQUAL = new Set([SyntaxKind.EqualsEqualsEqualsToken, SyntaxKind.ExclamationEqualsEqualsToken]);
/** @type {ReadonlyMap<ts.SyntaxKind, string>} */
const ORDER = new Map([
  [SyntaxKind.LessThanToken, "<"],
  [SyntaxKind.LessThanEqualsToken, "<="],
  [SyntaxKind.GreaterThanToken, ">"],
  [SyntaxKind.GreaterThanEqualsToken, ">="],
]);
const SHORT_CUT = new Set([
  SyntaxKind.AmpersandAmpersandToken,
  SyntaxKind.BarBarToken,
  SyntaxKind.QuestionQuestionToken,
]);
/** What takes room by a number. */
const ROOM = /^(new )?(Uint8Array|Array|ArrayBuffer|Buffer\.alloc|Buffer\.allocUnsafe)$/;

/**
 * A module that counts which of its blocks run, shows what it compares, and tells how much room it asks for. Lines stay
 * where they were.
 * @param {string} text - JavaScript
 */
export function instrument(text) {
  const source = ts.createSourceFile("module.js", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const edits = new Edits(text);
  const counter = { blocks: 0, comparisons: 0 };
  const hit = () => `$hit[${counter.blocks++}]++`;
  /** @param {ts.Node} node */
  const visit = (node) => {
    const end = begin(node, { edits, hit, counter });
    ts.forEachChild(node, visit);
    for (const [at, suffix] of end) edits.close(at, suffix);
  };
  visit(source);
  return `${HEAD(counter.blocks, counter.comparisons)}${edits.result()}`;
}

/** @typedef {{ edits: Edits, hit: () => string, counter: { blocks: number, comparisons: number } }} Work */
/** @typedef {[at: number, suffix: string][]} Suffixes - for after the node's own children */

/**
 * @param {ts.Node} node
 * @param {Work} work
 * @returns {Suffixes}
 */
function begin(node, work) {
  const { parent } = node;
  if (parent === undefined) return [];
  if (ts.isStatement(node)) return statement(node, parent, work);
  if (ts.isCaseOrDefaultClause(node)) {
    const [first] = node.statements;
    if (first !== undefined) work.edits.open(first.getStart(), `${work.hit()};`);
    return [];
  }
  if (!ts.isExpression(node)) return [];
  // What is opened first is closed last.
  const outer = [...branch(node, parent, work), ...room(node, parent, work)];
  return ts.isBinaryExpression(node) ? [...comparison(node, work), ...outer] : outer;
}

/**
 * @param {ts.Statement} node
 * @param {ts.Node} parent
 * @param {Work} work
 * @returns {Suffixes}
 */
function statement(node, parent, { edits, hit }) {
  const isBranch =
    (ts.isIfStatement(parent) && node !== /** @type {ts.Node} */ (parent.expression)) ||
    (ts.isIterationStatement(parent, false) && parent.statement === node);
  const isBody =
    ts.isBlock(node) && (ts.isFunctionLike(parent) || ts.isCatchClause(parent) || ts.isTryStatement(parent));
  if (!isBranch && !isBody) return [];
  const isThen = ts.isIfStatement(parent) && parent.thenStatement === node && parent.elseStatement === undefined;
  const otherwise = isThen ? ` else ${hit()};` : "";
  if (ts.isBlock(node)) {
    edits.open(node.getStart() + 1, `${hit()};`);
    return [[node.end, otherwise]];
  }
  edits.open(node.getStart(), `{${hit()};`);
  return [[node.end, `}${otherwise}`]];
}

/**
 * An expression that is not always evaluated.
 * @param {ts.Expression} node
 * @param {ts.Node} parent
 * @param {Work} work
 * @returns {Suffixes}
 */
function branch(node, parent, { edits, hit }) {
  const isBranch =
    (ts.isConditionalExpression(parent) && parent.condition !== node) ||
    (ts.isBinaryExpression(parent) && parent.right === node && SHORT_CUT.has(parent.operatorToken.kind)) ||
    (ts.isArrowFunction(parent) && parent.body === node);
  if (!isBranch) return [];
  edits.open(node.getStart(), `(${hit()},`);
  return [[node.end, ")"]];
}

/**
 * @param {ts.BinaryExpression} node
 * @param {Work} work
 * @returns {Suffixes}
 */
function comparison({ left, operatorToken, right }, { edits, counter }) {
  const { kind } = operatorToken;
  const order = ORDER.get(kind);
  if ((order === undefined && !EQUAL.has(kind)) || isDull(left) || isDull(right)) return [];
  const id = counter.comparisons++;
  const not = kind === SyntaxKind.ExclamationEqualsEqualsToken ? "!" : "";
  edits.open(left.getStart(), order === undefined ? `${not}$equal(${id},` : `($less(${id},`);
  if (order === undefined) {
    edits.replace(operatorToken.getStart(), operatorToken.end, ",");
    return [[right.end, ")"]];
  }
  // The operands are looked at beside the comparison, which stays what it was for every type.
  edits.replace(operatorToken.getStart(), operatorToken.end, ",");
  return [[right.end, `,"${order}"))`]];
}

/** @param {ts.Expression} side */
const isDull = (side) => ts.isTypeOfExpression(side) || /^(undefined|null|true|false)$/.test(side.getText());

/**
 * @param {ts.Expression} node
 * @param {ts.Node} parent
 * @param {Work} work
 * @returns {Suffixes}
 */
function room(node, parent, { edits }) {
  if (!ts.isNewExpression(parent) && !ts.isCallExpression(parent)) return [];
  if (parent.arguments?.length !== 1 || parent.arguments[0] !== node || ts.isSpreadElement(node)) return [];
  const callee = parent.expression.getText();
  if (!ROOM.test(callee) && !callee.endsWith(".repeat")) return [];
  edits.open(node.getStart(), "$size(");
  return [[node.end, ")"]];
}
