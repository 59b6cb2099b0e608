import { fileURLToPath } from "node:url";
import { Series } from "../series.mjs";

/** @typedef {import("../hooks/calls.mjs").Plan} Plan */

const HOOK = fileURLToPath(new URL("../hooks/calls.mjs", import.meta.url));

/**
 * One process that does all steps, with at most one call disturbed.
 * @param {Series} series
 * @param {Plan} [plan]
 */
function run(series, plan) {
  const env = plan === undefined ? {} : { SOAK_PLAN: JSON.stringify(plan) };
  return series.run({ label: JSON.stringify(plan), how: { node: ["--import", HOOK], env } });
}

/**
 * How many changing calls the steps make, in all and of each function.
 * @param {Series} series
 */
async function countCalls(series) {
  const { out } = await run(series);
  const [, calls, by] = /^calls (\d+) (.*)$/m.exec(out) ?? [];
  if (calls === undefined || by === undefined) throw new Error(`the steps did not end: ${out}`);
  return { calls: Number(calls), by: /** @type {Record<string, number>} */ (JSON.parse(by)) };
}

/**
 * A kill before and after every single call that changes something.
 * @param {{ readonly every: number }} how - 1 for each call, 5 for every fifth
 * @returns {Promise<import("../report.mjs").Outcome>}
 */
export async function boundaries({ every }) {
  const series = new Series();
  try {
    const { calls } = await countCalls(series);
    let kills = 0;
    for (let at = 1; at <= calls; at += every) {
      for (const how of /** @type {const} */ (["before", "after"])) {
        if ((await run(series, { at, how })).killed) kills += 1;
        // Keys are fresh in each run, so names share more directories in one than in another, and so many fewer are made.
        else if (at < calls * 0.9) series.why.push(`call ${at} was not reached`);
      }
    }
    return {
      name: "kills at write boundaries",
      did: { calls, kills },
      bad: { problems: series.why.length },
      why: series.why.slice(0, 10),
    };
  } finally {
    series.end();
  }
}

/** @type {Readonly<Record<string, readonly string[]>>} */
const FAILURES = {
  openSync: ["ENOSPC", "EACCES", "EIO", "EROFS"],
  writeSync: ["ENOSPC", "EIO", "EDQUOT"],
  write: ["ENOSPC", "EIO"],
  fsync: ["EIO"],
  closeSync: ["EIO"],
  futimesSync: ["EPERM"],
  renameSync: ["EXDEV", "EIO", "ENOSPC", "EACCES"],
  linkSync: ["EIO", "EMLINK", "EPERM"],
  unlinkSync: ["EPERM", "EIO"],
  mkdirSync: ["ENOSPC", "EACCES"],
};

/**
 * Single calls that fail, or write less than they were given.
 * @param {{ readonly every: number }} how
 * @returns {Promise<import("../report.mjs").Outcome>}
 */
export async function failingCalls({ every }) {
  const series = new Series();
  try {
    const { by } = await countCalls(series);
    let [faults, told] = [0, 0];
    for (const [of, count] of Object.entries(by)) {
      const codes = [...(FAILURES[of] ?? []), ...(of.startsWith("write") && of !== "writeFileSync" ? ["short"] : [])];
      for (let at = 1; at <= count; at += every) {
        for (const code of codes) {
          const harmless = code === "short";
          const { out } = await run(series, harmless ? { at, of, how: "short" } : { at, of, how: "fail", code });
          faults += 1;
          told += series.judge(out, { label: `${of} ${code}`, harmless });
        }
      }
    }
    const did = { faults, "told by code": told };
    return { name: "failing calls", did, bad: { problems: series.why.length }, why: series.why.slice(0, 10) };
  } finally {
    series.end();
  }
}
