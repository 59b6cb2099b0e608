import { dirname } from "node:path";
import { parseTrace, saidBy } from "./strace.mjs";

/** @typedef {import("./strace.mjs").Call} Call */

/**
 * What one step of a program asked of the medium, in order.
 * @typedef {object} Step
 * @property {string} name
 * @property {Call[]} calls
 */

/** Those that {@link stepsIn} and the rules look at. */
export const SYNC_CALLS = [
  ...["write", "pwrite64", "pwritev", "writev", "fsync", "fdatasync"],
  ...["rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat"],
];

/**
 * The steps of a program that says `begin NAME` and `done NAME` on its standard output.
 * @param {string} trace
 * @returns {Step[]}
 */
export function stepsIn(trace) {
  /** @type {Step[]} */
  const steps = [];
  /** @type {Step | undefined} */
  let current;
  for (const call of parseTrace(trace)) {
    const [, word, name = ""] = /^(begin|done) (.*)$/.exec(saidBy(call) ?? "") ?? [];
    if (word === "begin") current = { name, calls: [] };
    else if (word === "done" && current?.name === name) {
      steps.push(current);
      current = undefined;
    } else current?.calls.push(call);
  }
  return steps;
}

const pathOf = (/** @type {Call} */ { args }) => /^\d+<([^>]*)>/.exec(args)?.[1];
const pathsIn = (/** @type {Call} */ { args }) => [...args.matchAll(/"([^"]*)"/g)].map(([, path = ""]) => path);
const isDone = (/** @type {Call} */ { result }) => !result.startsWith("-");
const isSync = (/** @type {Call} */ { name }) => name === "fsync" || name === "fdatasync";

/** What is on its way, or was set aside, may be lost; so may the tag, which is a hint to programs that make backups. */
const PASSING = /\/v1\/(tmp|quarantine)\/[^/]*$|\.tmp$|\.lock$|\/CACHEDIR\.TAG$/;

/**
 * Where a step's file got its lasting name.
 * @param {Step} step
 * @param {string} below - only there
 */
export function publishedIn({ calls }, below) {
  return calls
    .filter((call) => isDone(call) && /^(rename|link)/.test(call.name))
    .map((call) => ({ call, from: pathsIn(call)[0] ?? "", to: pathsIn(call)[1] ?? "" }))
    .filter(({ to }) => to.startsWith(below) && !PASSING.test(to));
}

/**
 * What a step that is to survive a loss of power did in the wrong order.
 * @param {Step} step
 * @param {string} below - where files count
 * @returns {string[]}
 */
export function misordered(step, below) {
  return [
    ...publishedIn(step, below).flatMap(({ call, from, to }) => aboutFile(step.calls, call, from, to)),
    ...step.calls
      .filter((call) => isDone(call) && call.name.startsWith("mkdir"))
      .flatMap((call) => aboutDirectory(step.calls, call)),
  ].map((what) => `${step.name}: ${what}`);
}

/**
 * @param {Call[]} calls
 * @param {Call} published
 * @param {string} from
 * @param {string} to
 */
function aboutFile(calls, published, from, to) {
  const problems = [];
  const written = calls.filter((call) => /write/.test(call.name) && pathOf(call) === from).at(-1);
  const synced = calls.some(
    (call) =>
      isSync(call) &&
      pathOf(call) === from &&
      call.ended < published.began &&
      (written === undefined || call.began > written.ended),
  );
  if (!synced) problems.push(`the bytes of ${to} were not on the medium before it had its name`);
  if (!syncedAfter(calls, dirname(to), published)) problems.push(`the name ${to} was not on the medium at the end`);
  return problems;
}

/**
 * A value that others rest on, such as the content of an entry, is on the medium before anything else is named or removed.
 * @param {Step} step
 * @param {string} below
 * @returns {string[]}
 */
export function overtaken(step, below) {
  const changes = step.calls.filter(
    (call) =>
      isDone(call) &&
      /^(rename|link|unlink)/.test(call.name) &&
      pathsIn(call).some((path) => path.startsWith(below) && !PASSING.test(path)),
  );
  return publishedIn(step, below).flatMap(({ call, to }) =>
    to.endsWith("/v1/layout")
      ? []
      : changes
          .filter((next) => next.began > call.ended && !settledBetween(step.calls, dirname(to), call, next))
          .map((next) => `${step.name}: ${next.name} of ${pathsIn(next).at(-1)} came before ${to} was on the medium`),
  );
}

/**
 * @param {Call[]} calls
 * @param {string} directory
 * @param {Call} after
 * @param {Call} before
 */
function settledBetween(calls, directory, after, before) {
  return calls.some(
    (call) => isSync(call) && pathOf(call) === directory && call.began > after.ended && call.ended < before.began,
  );
}

/**
 * @param {Call[]} calls
 * @param {Call} made
 */
function aboutDirectory(calls, made) {
  const [path = ""] = pathsIn(made);
  return syncedAfter(calls, dirname(path), made) ? [] : [`the directory ${path} was not on the medium at the end`];
}

/**
 * @param {Call[]} calls
 * @param {string} directory
 * @param {Call} after
 */
function syncedAfter(calls, directory, after) {
  return calls.some((call) => isSync(call) && pathOf(call) === directory && call.began > after.ended);
}

/** How many times a step brought something to the medium. @param {Step} step */
export const syncsIn = ({ calls }) => calls.filter(isSync).length;

/**
 * What a step that promises nothing about losses of power brought to the medium; but a torn layout would be the loss of all.
 * @param {Step} step
 */
export function needless({ name, calls }) {
  const layouts = calls.filter((call) => pathsIn(call)[1]?.endsWith("/v1/layout")).map((call) => pathsIn(call)[0]);
  return calls
    .filter((call) => isSync(call) && !layouts.includes(pathOf(call)))
    .map((call) => `${name}: undurably, ${pathOf(call)} was synced`);
}
