import { readFileSync } from "node:fs";
import ts from "typescript";

/**
 * One check in a source: an `if` that refuses, or a call whose only work is to refuse.
 * @typedef {object} Guard
 * @property {string} file
 * @property {number} line - from 1
 * @property {string} text - in short
 * @property {number} start
 * @property {number} end
 * @property {string} without - what takes the place of the text from start to end
 */

/** Calls that check and give nothing back. */
const CHECKS = /^(#?check|#?require|#?refuse)[A-Z]\w*$/;

/**
 * Every check in a source file.
 * @param {string} file
 * @returns {Guard[]}
 */
export function guardsIn(file) {
  const text = readFileSync(file, "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {Guard[]} */
  const guards = [];
  /** @param {ts.Node} node @param {string} without */
  const add = (node, without) => {
    const start = node.getStart(source);
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    const short = text.slice(start, node.end).replaceAll(/\s+/g, " ").slice(0, 90);
    guards.push({ file, line, text: short, start, end: node.end, without });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isIfStatement(node) && refuses(node.thenStatement)) add(node.expression, "(false as boolean)");
    if (ts.isExpressionStatement(node) && isCheck(node.expression)) add(node, ";");
    if (ts.isCallExpression(node) && isComparison(node)) add(node, "(true as boolean)");
    ts.forEachChild(node, visit);
  };
  visit(source);
  return guards;
}

/** @param {ts.Statement} statement */
function refuses(statement) {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  if (last === undefined) return false;
  if (ts.isThrowStatement(last)) return true;
  return (
    ts.isReturnStatement(last) &&
    last.expression !== undefined &&
    /verdict|false|undefined/.test(last.expression.getText())
  );
}

/** @param {ts.Expression} expression */
function isCheck(expression) {
  const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
  if (!ts.isCallExpression(call)) return false;
  const { expression: callee } = call;
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
  return CHECKS.test(name);
}

/** A comparison in constant time. @param {ts.CallExpression} call */
function isComparison({ expression }) {
  return ts.isPropertyAccessExpression(expression) && expression.name.text === "equal";
}
