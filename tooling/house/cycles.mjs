import { filesMeant } from "./resolve.mjs";
import { importsOf } from "./syntax.mjs";

/** @typedef {import("./workspace.mjs").Finding} Finding */
/** @typedef {import("./workspace.mjs").Member} Member */

/**
 * Files that import each other in a ring, types included: files in a ring can be understood only together.
 * Each ring is reported once, at the file that comes first.
 * @param {string} root
 * @param {Member[]} members
 * @returns {Finding[]}
 */
export function checkCycles(root, members) {
  return members.flatMap((member) => ringsIn(graphOf(root, member)).map(findingOf));
}

/** @typedef {Map<string, string[]>} Graph */

/**
 * @param {string} root
 * @param {Member} member
 * @returns {Graph}
 */
function graphOf(root, member) {
  const files = new Set([...member.sources, ...member.tests]);
  /** @param {string} file */
  const targets = (file) =>
    importsOf(root, file)
      .flatMap(({ specifier }) => (specifier === undefined ? [] : filesMeant(member, file, specifier)))
      .filter((target) => files.has(target));
  return new Map([...files].map((file) => [file, targets(file)]));
}

/**
 * Strongly connected files (Tarjan), each group with a ring through it.
 * @param {Graph} graph
 * @returns {string[][]}
 */
function ringsIn(graph) {
  /** @type {Map<string, number>} */
  const order = new Map();
  /** @type {Map<string, number>} */
  const lowest = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const rings = [];

  /**
   * @param {string} file
   * @returns {number}
   */
  function visit(file) {
    const at = order.size;
    order.set(file, at);
    let low = at;
    stack.push(file);
    for (const target of graph.get(file) ?? []) {
      if (!order.has(target)) low = Math.min(low, visit(target));
      else if (stack.includes(target)) low = Math.min(low, order.get(target) ?? low);
    }
    lowest.set(file, low);
    if (low !== at) return low;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1 || graph.get(file)?.includes(file)) rings.push(ringThrough(graph, group.sort()));
    return low;
  }

  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return rings;
}

/**
 * A shortest way from the first file of a group back to itself.
 * @param {Graph} graph
 * @param {string[]} group
 * @returns {string[]}
 */
function ringThrough(graph, group) {
  const first = /** @type {string} */ (group[0]);
  const inside = new Set(group);
  const ways = [[first]];
  const seen = new Set();
  for (const way of ways) {
    for (const target of graph.get(/** @type {string} */ (way.at(-1))) ?? []) {
      if (target === first) return way;
      if (!inside.has(target) || seen.has(target)) continue;
      seen.add(target);
      ways.push([...way, target]);
    }
  }
  return group;
}

/**
 * @param {string[]} ring
 * @returns {Finding}
 */
function findingOf(ring) {
  const first = /** @type {string} */ (ring[0]);
  return { file: first, message: `import cycle: ${[...ring, first].join(" -> ")}` };
}
