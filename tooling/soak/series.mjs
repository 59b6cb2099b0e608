import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatKey, MasterKey } from "@cache/core/keyring";
import { verifyStore } from "@cache/core/maintenance";
import { open } from "./cache.mjs";
import { start } from "./child.mjs";
import { prepare, problemsAfter, STEPS } from "./steps.mjs";

/**
 * How one process is disturbed.
 * @typedef {object} Disturbance
 * @property {string} label - what it is, for the report
 * @property {import("./child.mjs").How} [how]
 * @property {boolean | undefined} [lies] - the medium says that it took what it did not take: that may be lost, and has to be found
 * @property {number | undefined} [maxBytes]
 */

/** Processes one after another that do all steps, each with something disturbed, and what is wrong afterwards. */
export class Series {
  base = mkdtempSync(join(tmpdir(), "cache-soak-"));
  /** @type {string[]} */
  why = [];
  runs = 0;

  /** Where the next process will work. */
  get next() {
    return join(this.base, String(this.runs + 1));
  }

  /** @param {Disturbance} disturbance */
  async run({ label, how, lies = false, maxBytes }) {
    const directory = this.next;
    this.runs += 1;
    const place = { directory, key: formatKey(MasterKey.generate()), durable: true, maxBytes };
    const opened = open(place);
    await prepare(opened.cache);
    const child = start("steps.mjs", [JSON.stringify(place)], how);
    const { code, signal } = await child.ended;
    const problems = await this.#look(opened, child.out(), lies);
    // What was disturbed before it began was no work of ours.
    if (child.out() !== "" && signal !== "SIGKILL" && code !== 0)
      problems.push(`the process ended with ${code}: ${child.err().slice(0, 300)}`);
    await mend(opened.cache, problems);
    for (const each of [directory, `${directory}-new`, `${directory}-warm`])
      rmSync(each, { recursive: true, force: true });
    for (const problem of problems) this.why.push(`${label}: ${problem}`);
    return { out: child.out(), killed: signal === "SIGKILL" };
  }

  /**
   * @param {ReturnType<typeof open>} opened
   * @param {string} out
   * @param {boolean} lies
   */
  async #look({ cache, slots, store }, out, lies) {
    const problems = await problemsAfter(cache, out, lies);
    const { damaged, missing } = await verifyStore(slots);
    if (damaged + missing > 0 && !lies) problems.push(`${damaged} damaged, ${missing} missing`);
    await store.maintenance.sweepTemporary({ olderThan: 1 });
    if (readdirSync(join(store.directory, "v1", "tmp")).length > 0) problems.push("left-overs were not collected");
    return problems;
  }

  /**
   * Every step was done, or failed with a code of ours.
   * @param {string} out
   * @param {{ readonly label: string, readonly harmless?: boolean }} fault - harmless: nothing may fail for it
   * @returns {number} steps that failed
   */
  judge(out, { label, harmless = false }) {
    const said = out.split("\n").filter((line) => /^(done|failed) /.test(line));
    const failed = said.filter((line) => line.startsWith("failed"));
    if (said.length !== Object.keys(STEPS).length) this.why.push(`${label}: not every step came to an end`);
    for (const line of failed) {
      if (harmless || !/ ERR_CACHE_\w+$/.test(line)) this.why.push(`${label}: ${line}`);
    }
    return failed.length;
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
