import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatKey, MasterKey } from "@cache/core/keyring";
import { verifyStore } from "@cache/core/maintenance";
import { open } from "../cache.mjs";
import { start } from "../child.mjs";
import { prepare, problemsAfter, STEPS } from "../steps.mjs";

/** @typedef {import("../hooks/calls.mjs").Plan} Plan */

const HOOK = fileURLToPath(new URL("../hooks/calls.mjs", import.meta.url));

/** Where children of a series work. */
class Series {
  base = mkdtempSync(join(tmpdir(), "cache-soak-"));
  /** @type {string[]} */
  why = [];
  runs = 0;
  #durable;

  /** @param {boolean} durable */
  constructor(durable) {
    this.#durable = durable;
  }

  /**
   * One process that does all steps, with at most one call disturbed.
   * @param {Plan} [plan]
   */
  async run(plan) {
    this.runs += 1;
    const directory = join(this.base, String(this.runs));
    const place = { directory, key: formatKey(MasterKey.generate()), durable: this.#durable };
    const { cache, slots, store } = open(place);
    await prepare(cache);
    const child = start("steps.mjs", [JSON.stringify(place)], {
      node: ["--import", HOOK],
      env: plan === undefined ? {} : { SOAK_PLAN: JSON.stringify(plan) },
    });
    const { code, signal } = await child.ended;
    const problems = await problemsAfter(cache, child.out());
    const { damaged, missing } = await verifyStore(slots);
    if (damaged + missing > 0) problems.push(`${damaged} damaged, ${missing} missing`);
    await store.maintenance.sweepTemporary({ olderThan: 1 });
    const left = readdirSync(join(directory, "v1", "tmp"));
    if (left.length > 0) problems.push("left-overs were not collected");
    if (signal !== "SIGKILL" && code !== 0)
      problems.push(`the process ended with ${code}: ${child.err().slice(0, 300)}`);
    await mend(cache, problems);
    rmSync(directory, { recursive: true, force: true });
    for (const problem of problems) this.why.push(`${JSON.stringify(plan)}: ${problem}`);
    return { out: child.out(), killed: signal === "SIGKILL" };
  }

  end() {
    rmSync(this.base, { recursive: true, force: true });
  }
}

/**
 * Whatever happened, the next puts work.
 * @param {import("@cache/core").Cache} cache
 * @param {string[]} problems
 */
async function mend(cache, problems) {
  for (const key of ["small", "large", "new"]) await cache.set(key, "mended");
  for (const key of ["small", "large", "new"]) {
    if ((await cache.get(key)) !== "mended") problems.push(`a put after it did not mend ${key}`);
  }
}

/**
 * How many changing calls the steps make, in all and of each function.
 * @param {Series} series
 */
async function countCalls(series) {
  const { out } = await series.run();
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
  const series = new Series(true);
  try {
    const { calls } = await countCalls(series);
    let kills = 0;
    for (let at = 1; at <= calls; at += every) {
      for (const how of /** @type {const} */ (["before", "after"])) {
        if ((await series.run({ at, how })).killed) kills += 1;
        else series.why.push(`call ${at} was not reached`);
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
  const series = new Series(true);
  try {
    const { by } = await countCalls(series);
    let [faults, told] = [0, 0];
    for (const [of, count] of Object.entries(by)) {
      const codes = [...(FAILURES[of] ?? []), ...(of.startsWith("write") && of !== "writeFileSync" ? ["short"] : [])];
      for (let at = 1; at <= count; at += every) {
        for (const code of codes) {
          const { out } = await series.run(code === "short" ? { at, of, how: "short" } : { at, of, how: "fail", code });
          faults += 1;
          told += judge(series, out, { of, code });
        }
      }
    }
    const did = { faults, "told by code": told };
    return { name: "failing calls", did, bad: { problems: series.why.length }, why: series.why.slice(0, 10) };
  } finally {
    series.end();
  }
}

/**
 * Every step was done, or failed with a code of ours; a short write is nobody's failure.
 * @param {Series} series
 * @param {string} out
 * @param {{ readonly of: string, readonly code: string }} fault
 * @returns {number} steps that failed
 */
function judge(series, out, { of, code }) {
  const steps = Object.keys(STEPS).length;
  const said = out.split("\n").filter((line) => /^(done|failed) /.test(line));
  const failed = said.filter((line) => line.startsWith("failed"));
  if (said.length !== steps) series.why.push(`${of} ${code}: not every step came to an end`);
  for (const line of failed) {
    if (code === "short" || !/ ERR_CACHE_\w+$/.test(line)) series.why.push(`${of} ${code}: ${line}`);
  }
  return failed.length;
}
