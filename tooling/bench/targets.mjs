import { lookup } from "./results.mjs";

/** @typedef {import("./results.mjs").Result} Result */
/** @typedef {ReturnType<typeof lookup>} Find */

/**
 * What is to be reached: a ratio, and its bound.
 * @typedef {object} Target
 * @property {string} id
 * @property {string} what
 * @property {"at most" | "at least"} side
 * @property {number} bound
 * @property {(find: Find) => number | undefined} ratio - `undefined`: not measured in this run
 */

/** @param {number | undefined} a @param {number | undefined} b */
const over = (a, b) => (a === undefined || b === undefined || b === 0 ? undefined : a / b);

/**
 * How often a subject takes the time of another for one operation.
 * @param {string} subject
 * @param {string} other
 * @param {string} operation
 * @param {string} scale
 * @returns {Target["ratio"]}
 */
const times = (subject, other, operation, scale) => (find) =>
  over(find("values", subject, operation, scale), find("values", other, operation, scale));

/** @param {string} id @param {string} subject @param {readonly [operation: string, scale: string, bound: number][]} rows @param {string} [called] @returns {Target[]} */
const toLimit = (id, subject, rows, called = subject) =>
  rows.map(([operation, scale, bound]) => ({
    ...{ id, side: "at most", bound, ratio: times(subject, "limit", operation, scale) },
    what: `${operation} ${scale}, ${called}: times the limit`,
  }));

/** @param {string} id @param {string} subject @param {readonly [operation: string, scale: string, bound: number][]} rows @returns {Target[]} */
const fasterThanCacache = (id, subject, rows) =>
  rows.map(([operation, scale, bound]) => ({
    ...{ id, side: "at least", bound, ratio: times("cacache", subject, operation, scale) },
    what: `${operation} ${scale}, ${subject}: so many times faster than cacache`,
  }));

/** @param {string} operation @param {string} subject @param {number} bound @returns {Target} */
const toHash = (operation, subject, bound) => ({
  id: "T8",
  what: `stream, ${operation}, ${subject}: times SHA-256 alone`,
  side: "at most",
  bound,
  ratio: (find) => over(find("streams", subject, operation), find("streams", "SHA-256 alone", operation)),
});

/** @param {string} operation @param {string} subject @returns {Target} */
const streamMemory = (operation, subject) => ({
  id: "T8",
  what: `stream, ${operation}, ${subject}: MiB above the start`,
  side: "at most",
  bound: 48,
  ratio: (find) => over(find("streams", subject, operation), 1_048_576),
});

/** @param {string} operation @returns {Target[]} */
const toLru = (operation) =>
  ["lru-cache", "lru-cache, copying"].map((peer) => ({
    id: "T9",
    what: `memory, ${operation}: times ${peer}`,
    side: "at most",
    bound: 0.9,
    ratio: (find) => over(find("memory", "memory store", operation), find("memory", peer, operation)),
  }));

/** @param {string} trace @param {number} bound @returns {Target[]} */
const hits = (trace, bound) =>
  [1, 10].map((part) => ({
    id: "T9",
    what: `memory, hits, ${trace}, ${part} %: times those of lru-cache`,
    side: "at least",
    bound,
    ratio: (find) => {
      const scale = `${trace}, ${part} %`;
      return over(find("memory", "memory store", "hits", scale), find("memory", "lru-cache", "hits", scale));
    },
  }));

/** @param {string} operation @returns {Target} */
const growing = (operation) => ({
  id: "T12",
  what: `growth, ${operation} in a store of 200 thousand: times in one of a thousand`,
  side: "at most",
  bound: 1.5,
  ratio: (find) =>
    over(
      find("growth", "file store", operation, "200000 entries"),
      find("growth", "file store", operation, "1000 entries"),
    ),
});

const SEALED = "file store, sealed and signed";

/** @type {readonly Target[]} */
export const TARGETS = [
  ...toLimit("T1", "file store", [["put", "1 KiB", 1.5]]),
  ...fasterThanCacache("T1", "file store", [["put", "1 KiB", 15]]),
  ...toLimit("T2", "file store", [["get", "1 KiB", 1.4]]),
  ...fasterThanCacache("T2", "file store", [["get", "1 KiB", 20]]),
  ...toLimit("T3", "file store", [
    ["put", "64 KiB", 1.1],
    ["get", "64 KiB", 1.25],
  ]),
  ...fasterThanCacache("T3", "file store", [
    ["put", "64 KiB", 10],
    ["get", "64 KiB", 8],
  ]),
  ...toLimit("T4", "file store", [
    ["put", "1 MiB", 1.1],
    ["get", "1 MiB", 1.1],
  ]),
  ...fasterThanCacache("T4", "file store", [
    ["put", "1 MiB", 3],
    ["get", "1 MiB", 2.2],
  ]),
  ...fasterThanCacache("T5", SEALED, [
    ["put", "1 KiB", 8],
    ["get", "1 KiB", 8],
  ]),
  {
    ...{ id: "T6", side: "at most", bound: 1.3, what: "get 1 KiB, signed with Ed25519: times with HMAC" },
    ratio: times("file store, signed with Ed25519", "file store, signed with HMAC", "get", "1 KiB"),
  },
  ...[/** @type {const} */ (["put", 1.45]), /** @type {const} */ (["get", 1.4])].map(
    ([operation, bound]) =>
      /** @type {Target} */ ({
        ...{ id: "T7", side: "at most", bound, what: `${operation} 1 MiB, sealed: times plain` },
        ratio: times("file store, sealed", "file store", operation, "1 MiB"),
      }),
  ),
  {
    ...{ id: "T7", side: "at most", bound: 0.85, what: "get 1 MiB, sealed, content not hashed: times plain" },
    ratio: times("file store, sealed, content not hashed", "file store", "get", "1 MiB"),
  },
  toHash("put", "plain", 1.25),
  toHash("get", "plain", 1.1),
  toHash("put", "sealed", 2),
  toHash("get", "sealed", 1.6),
  ...["plain", "sealed"].flatMap((subject) => [
    streamMemory("put memory", subject),
    streamMemory("get memory", subject),
  ]),
  ...["get", "update", "insert"].flatMap(toLru),
  ...hits("zipf", 1.15),
  ...hits("zipf and one-time scans", 1.15),
  ...hits("zipf and a loop", 1.15),
  ...hits("zipf, drifting", 0.97),
  // Wanted of a store that packs small entries; until there is one, the figures are of what small entries lie in.
  ...toLimit(
    "T10",
    "file store",
    [
      ["put", "1 KiB", 0.4],
      ["get", "1 KiB", 0.5],
    ],
    "small entries, not packed",
  ),
  {
    ...{
      id: "T11",
      side: "at least",
      bound: 100,
      what: "verify of ten thousand entries: so many times faster than cacache",
    },
    ratio: (find) =>
      over(
        find("growth", "cacache", "verify, each", "10000 entries"),
        find("growth", "file store", "verify, each", "10000 entries"),
      ),
  },
  ...["put", "get", "has", "put with eviction"].map(growing),
  ...["verify, each", "gc, each"].map(growing),
  ...["cache get", "cache get, sealed and signed"].map(
    (subject) =>
      /** @type {Target} */ ({
        ...{ id: "T13", side: "at most", bound: 1.35, what: `${subject}, a process: times node -e 0` },
        ratio: (find) => over(find("cold start", subject, "run"), find("cold start", "node -e 0", "run")),
      }),
  ),
  {
    ...{ id: "T14", side: "at least", bound: 1.6, what: "8 processes on one directory: times the calls of one" },
    ratio: (find) =>
      over(
        find("processes", "file store", "calls a second", "8 at once"),
        find("processes", "file store", "calls a second", "1 at once"),
      ),
  },
  {
    ...{ id: "T14", side: "at most", bound: 0, what: "8 processes on one directory: values lost" },
    ratio: (find) => find("processes", "file store", "lost", "8 at once"),
  },
];

/**
 * How a target stands in a run.
 * @typedef {Target & { readonly reached: boolean | undefined, readonly is: number | undefined }} Judged
 */

/** @param {readonly Result[]} results @returns {Judged[]} */
export function judge(results) {
  const find = lookup(results);
  return TARGETS.map((target) => {
    const is = target.ratio(find);
    const reached = is === undefined ? undefined : target.side === "at most" ? is <= target.bound : is >= target.bound;
    return { ...target, is, reached };
  });
}
