import ts from "typescript";
import { lineOf, parse, walk } from "./syntax.mjs";

/** @typedef {import("./workspace.mjs").Finding} Finding */
/** @typedef {import("./workspace.mjs").Member} Member */

/** Where proofs, tags and digests are checked. */
const GUARDED = [
  "packages/signer/src/",
  "packages/crypto-envelope/src/",
  "packages/bundle/src/",
  ...["audit", "cache", "content", "crypto", "keyring", "keyring-file", "platform", "record"].map(
    (name) => `packages/core/src/${name}/`,
  ),
];

/** Compares with answers that everybody knows. */
const SELF_TEST = "/self-test.ts";

/** What an attacker could learn by watching how long a comparison takes. */
const SECRET = /(proof|signature|tag|mac|hmac|digest|hash|commitment|fingerprint|checksum)s?$/i;

const ENCODERS = new Set(["toHex", "toBase64", "toBase64Url", "toString", "join", "stringify"]);
const EQUALITY = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

const ADVICE = "compare bytes with crypto.equal, which takes as long for every answer";

/**
 * Comparisons that stop at the first difference, where proofs are checked (misuse case M60): by `==` on a proof or on
 * bytes turned into text, byte by byte, and by `Buffer`'s `equals` and `compare`.
 * @param {string} root
 * @param {Member[]} members
 * @returns {Finding[]}
 */
export function checkComparisons(root, members) {
  const files = members.flatMap(({ sources }) => sources);
  return files
    .filter((file) => GUARDED.some((folder) => file.startsWith(folder)) && !file.endsWith(SELF_TEST))
    .flatMap((file) => findingsIn(root, file));
}

/**
 * @param {string} root
 * @param {string} file
 * @returns {Finding[]}
 */
function findingsIn(root, file) {
  /** @type {Finding[]} */
  const found = [];
  walk(parse(root, file), (node) => {
    const what = ts.isBinaryExpression(node) ? unsafeOperator(node) : unsafeCall(node);
    if (what !== undefined) found.push({ file, line: lineOf(node), message: `${what}: ${ADVICE}` });
  });
  return found;
}

/**
 * @param {ts.BinaryExpression} node
 * @returns {string | undefined}
 */
function unsafeOperator({ operatorToken, left, right }) {
  if (!EQUALITY.has(operatorToken.kind) || isFixed(left) || isFixed(right)) return undefined;
  if (encodes(left) || encodes(right)) return "compares bytes as text";
  if (isProof(left) || isProof(right)) return "compares a proof with an operator";
  const bytes = ts.isElementAccessExpression(left) || ts.isElementAccessExpression(right);
  return bytes && !overConstant(left) ? "compares byte by byte" : undefined;
}

/**
 * Whether a comparison stands in the callback of a constant's method, as in `MAGIC.some((byte, i) => bytes[i] !== byte)`.
 * @param {ts.Node} node
 * @returns {boolean}
 */
function overConstant(node) {
  const callback = ts.findAncestor(node, ts.isFunctionLike);
  const call = callback?.parent;
  if (call === undefined || !ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false;
  return isFixed(call.expression.expression);
}

/**
 * @param {ts.Node} node
 * @returns {string | undefined}
 */
function unsafeCall(node) {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { name } = node.expression;
  if (name.text === "equals" || name.text === "compare") return `calls ${name.text}`;
  return undefined;
}

/**
 * Literals, `undefined`, `null`, `typeof x` and constants in capitals: nothing an attacker could search for.
 * @param {ts.Expression} node
 * @returns {boolean}
 */
function isFixed(node) {
  if (ts.isLiteralExpression(node) || ts.isTypeOfExpression(node)) return true;
  if (ts.isPrefixUnaryExpression(node)) return isFixed(node.operand);
  if (ts.isElementAccessExpression(node)) return isFixed(node.expression);
  const name = nameOf(node);
  return (
    name === "undefined" ||
    node.kind === ts.SyntaxKind.NullKeyword ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    (name !== undefined && /^[A-Z][A-Z0-9_]*$/.test(name))
  );
}

/**
 * Bytes made text. Key ids are public: everybody who sees a record sees its key's id.
 * @param {ts.Expression} node
 * @returns {boolean}
 */
function encodes(node) {
  if (!ts.isCallExpression(node) || !ENCODERS.has(nameOf(node.expression) ?? "")) return false;
  return !/^(key)?id$/i.test((node.arguments[0] && nameOf(node.arguments[0])) ?? "");
}

/**
 * @param {ts.Expression} node
 * @returns {boolean}
 */
function isProof(node) {
  const name = nameOf(ts.isCallExpression(node) ? node.expression : node);
  return name !== undefined && SECRET.test(name);
}

/**
 * The last name of an expression: `digest` of `record.statement.digest` and of `(await x).digest`.
 * @param {ts.Expression} node
 * @returns {string | undefined}
 */
function nameOf(node) {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isParenthesizedExpression(node) || ts.isAwaitExpression(node) || ts.isNonNullExpression(node)) {
    return nameOf(node.expression);
  }
  return undefined;
}
