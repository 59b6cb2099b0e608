// Loaded before everything else: makes the n-th changing call to the file system the last one, or a failing one.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { promisify } from "node:util";

/**
 * @typedef {object} Plan
 * @property {number} at - which call, from 1
 * @property {"before" | "after" | "fail" | "short"} how - killed before or after it, failing, or writing a part only
 * @property {string} [code] - of the failure
 * @property {string} [of] - only calls of this function count
 */

/** @type {Plan | undefined} */
const plan = process.env.SOAK_PLAN === undefined ? undefined : JSON.parse(process.env.SOAK_PLAN);
/** @type {{ armed: boolean, calls: number, by: Record<string, number> }} */
const state = { armed: false, calls: 0, by: {} };
Object.assign(globalThis, { soakCalls: state });

const CHANGING = [
  ...["openSync", "writeSync", "write", "fsync", "fsyncSync", "futimesSync", "fchmodSync", "closeSync"],
  ...["renameSync", "linkSync", "unlinkSync", "mkdirSync", "chmodSync", "writeFileSync"],
];

/** @typedef {(...args: any[]) => any} Call */

const all = /** @type {Record<string, any>} */ (fs);

/** @param {any[]} args */
const onlyReads = (args) =>
  typeof args[1] === "number" && (args[1] & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) === 0;

/**
 * @param {string} name
 * @param {any[]} args
 */
function isDue(name, args) {
  if (!state.armed || (name === "openSync" && onlyReads(args))) return false;
  state.calls += 1;
  state.by[name] = (state.by[name] ?? 0) + 1;
  if (plan === undefined || (plan.of !== undefined && plan.of !== name)) return false;
  return (plan.of === undefined ? state.calls : state.by[name]) === plan.at;
}

const die = () => process.kill(process.pid, "SIGKILL");

const failure = () =>
  Object.assign(new Error(`${plan?.code}: injected`), { code: plan?.code, errno: -1, syscall: "injected" });

for (const name of CHANGING) {
  /** @type {Call} */
  const original = all[name];
  /** @type {Call} */
  const hooked = (...args) => {
    if (!isDue(name, args)) return original(...args);
    if (plan?.how === "before") die();
    if (plan?.how === "fail") throw failure();
    // write(fd, buffer, offset, length, position)
    if (plan?.how === "short") return original(args[0], args[1], args[2], Math.max(1, args[3] >> 1), args[4]);
    const result = original(...args);
    die();
    return result;
  };
  const later = /** @type {Call} */ (promisify(original));
  Object.defineProperty(hooked, promisify.custom, {
    value: async (/** @type {any[]} */ ...args) => {
      if (!isDue(name, args)) return later(...args);
      if (plan?.how === "before") die();
      if (plan?.how === "fail") throw failure();
      if (plan?.how === "short") return later(args[0], args[1], args[2], Math.max(1, args[3] >> 1), args[4]);
      const result = await later(...args);
      die();
      return result;
    },
  });
  all[name] = hooked;
}
syncBuiltinESMExports();
