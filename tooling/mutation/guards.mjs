import ts from "typescript";

/**
 * One verification step in a source.
 *
 * `refuses`: a condition, or one of several that stand beside each other, under which something is refused.
 * `accepts`: one without which something is refused. `checks`: a call whose only work is to refuse.
 * @typedef {object} Guard
 * @property {"refuses" | "accepts" | "checks"} kind
 * @property {number} line - from 1
 * @property {string} text - in short
 * @property {number} start - of its text in the source
 * @property {number} end
 */

/** Calls that check and give nothing back. */
const CHECKS = /^#?(?:check(?!Later)|require|refuse)[A-Z]\w*$/;

/** An expression that refuses. */
const REFUSAL = /^(?:refuse\w*|fail\w*)\(|verdict: "(?:invalid|foreign|unknown|revoked)/;

const { BarBarToken, AmpersandAmpersandToken, ExclamationToken } = ts.SyntaxKind;

/**
 * Every verification step in the text of a source file, in its order.
 * @param {string} text
 * @param {Readonly<Record<string, Guard["kind"]>>} predicates - by name, functions that verify: what true means there
 * @returns {Guard[]}
 */
export function guardsIn(text, predicates = {}) {
  const source = ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true);
  /** @type {Map<number, Guard>} */
  const guards = new Map();
  /** @param {ts.Node} node @param {Guard["kind"]} kind */
  const add = (node, kind) => {
    const start = node.getStart(source);
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    const short = text.slice(start, node.end).replaceAll(/\s+/g, " ").slice(0, 90);
    // One expression may be found twice, as a condition and as a comparison; its end tells it from what begins with it.
    const place = start * 1_000_000 + node.end;
    if (!guards.has(place)) guards.set(place, { kind, line, text: short, start, end: node.end });
  };
  /** Where nothing was found nothing is found: that verifies nothing. @param {ts.Node} node @param {Guard["kind"]} kind */
  const unlessAbsence = (node, kind) => {
    if (!/^\S+ [!=]== undefined$|^isAbsence\(|^(?:true|false)$/.test(node.getText(source))) add(node, kind);
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isIfStatement(node) && refuses(node.thenStatement)) {
      const passesOn = ts.isReturnStatement(lastOf(node.thenStatement) ?? node);
      addParts(node.expression, "refuses", passesOn ? unlessAbsence : add);
    }
    if (ts.isConditionalExpression(node)) addChoice(node, add, unlessAbsence);
    if (ts.isExpressionStatement(node) && isCheck(node.expression)) add(node, "checks");
    if (ts.isCallExpression(node) && isComparison(node)) add(node, "accepts");
    const verdict = verdictOf(node, predicates);
    if (verdict !== undefined) addParts(verdict.expression, verdict.kind, unlessAbsence);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...guards.values()].sort((a, b) => a.start - b.start || b.end - a.end);
}

/**
 * Each of several conditions that stand beside each other is a step of its own.
 * @param {ts.Expression} condition
 * @param {Guard["kind"]} kind
 * @param {(node: ts.Node, kind: Guard["kind"]) => void} add
 */
function addParts(condition, kind, add) {
  const parts = partsOf(condition, kind);
  for (const part of parts) addParts(part.expression, part.kind, add);
  if (parts.length === 0) add(condition, kind);
}

/**
 * What a condition is made of, if of several any of which can be left out without refusing more.
 * @param {ts.Expression} condition
 * @param {Guard["kind"]} kind
 * @returns {{ expression: ts.Expression, kind: Guard["kind"] }[]}
 */
function partsOf(condition, kind) {
  if (ts.isParenthesizedExpression(condition)) return [{ expression: condition.expression, kind }];
  if (ts.isPrefixUnaryExpression(condition) && condition.operator === ExclamationToken)
    return [{ expression: condition.operand, kind: kind === "refuses" ? "accepts" : "refuses" }];
  if (ts.isIdentifier(condition)) {
    const named = namedCondition(condition);
    return named === undefined ? [] : [{ expression: named, kind }];
  }
  if (!ts.isBinaryExpression(condition) || !isLogical(condition.operatorToken.kind)) return [];
  const operands = [condition.left, condition.right].map((expression) => ({ expression, kind }));
  const isBeside = condition.operatorToken.kind === (kind === "refuses" ? BarBarToken : AmpersandAmpersandToken);
  // Of those that have to come together one is left out only with all the others, unless it has parts that stand beside.
  return isBeside ? operands : operands.filter(({ expression }) => hasBeside(expression, kind));
}

/** @param {ts.Expression} condition @param {Guard["kind"]} kind @returns {boolean} */
function hasBeside(condition, kind) {
  const parts = partsOf(condition, kind);
  return parts.length > 1 || parts.some((part) => hasBeside(part.expression, part.kind));
}

/**
 * Several conditions that were given one name before, in the block around or one further out.
 * @param {ts.Identifier} name
 */
function namedCondition(name) {
  for (let around = name.parent; around !== undefined; around = around.parent) {
    if (!ts.isBlock(around)) continue;
    for (const statement of around.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      const found = statement.declarationList.declarations.find((each) => each.name.getText() === name.text);
      const value = found?.initializer;
      if (value === undefined) continue;
      return ts.isBinaryExpression(value) && isLogical(value.operatorToken.kind) ? value : undefined;
    }
  }
  return undefined;
}

/** @param {ts.SyntaxKind} kind */
const isLogical = (kind) => kind === BarBarToken || kind === AmpersandAmpersandToken;

/**
 * What a function that verifies gives back, and what true means there.
 * @param {ts.Node} node
 * @param {Readonly<Record<string, Guard["kind"]>>} predicates
 */
function verdictOf(node, predicates) {
  const isReturn = ts.isReturnStatement(node) || (ts.isArrowFunction(node) && !ts.isBlock(node.body));
  if (!isReturn) return undefined;
  const expression = /** @type {ts.Expression | undefined} */ (
    ts.isReturnStatement(node) ? node.expression : node.body
  );
  const name = nameAround(node) ?? "";
  const kind = Object.hasOwn(predicates, name) ? predicates[name] : undefined;
  return kind === undefined || expression === undefined ? undefined : { expression, kind };
}

/** The name of the function that a node is in. @param {ts.Node} node */
function nameAround(node) {
  /** @type {ts.Node} */
  let around = node;
  while (!ts.isSourceFile(around) && !ts.isFunctionLike(around)) around = around.parent;
  if (ts.isSourceFile(around)) return undefined;
  const named = around.name ?? (ts.isVariableDeclaration(around.parent) ? around.parent.name : undefined);
  return named?.getText();
}

/**
 * A condition that chooses between a value and a refusal, or between a value and none.
 * @param {ts.ConditionalExpression} choice
 * @param {(node: ts.Node, kind: Guard["kind"]) => void} add
 * @param {(node: ts.Node, kind: Guard["kind"]) => void} unlessAbsence
 */
function addChoice({ condition, whenTrue, whenFalse }, add, unlessAbsence) {
  const isRefusal = (/** @type {ts.Node} */ branch) => REFUSAL.test(branch.getText());
  if (isRefusal(whenFalse)) addParts(condition, "accepts", add);
  else if (whenFalse.getText() === "undefined") addParts(condition, "accepts", unlessAbsence);
  else if (isRefusal(whenTrue)) addParts(condition, "refuses", add);
}

/** @param {ts.Statement} statement */
function lastOf(statement) {
  return ts.isBlock(statement) ? statement.statements.at(-1) : statement;
}

/** A call of a function that only throws. @param {ts.Statement} statement */
const isRefusing = (statement) => ts.isExpressionStatement(statement) && REFUSAL.test(statement.getText());

/** @param {ts.Statement} statement */
function refuses(statement) {
  const last = lastOf(statement);
  if (last === undefined) return false;
  if (ts.isThrowStatement(last) || isRefusing(last)) return true;
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
