import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Series } from "../series.mjs";
import { missingStrace, ONE_THREAD, parseTrace, saidBy, strace } from "../strace.mjs";

/**
 * What the n-th call of a family is made to do. `lie` reports more than was done; `kill` ends the process as the call begins.
 * @typedef {object} Fault
 * @property {readonly string[]} calls - as different systems call it
 * @property {readonly string[]} does
 */

/** @type {readonly Fault[]} */
const FAULTS = [
  { calls: ["fsync", "fdatasync"], does: ["error=EIO", "error=ENOSPC", "error=EDQUOT", "kill"] },
  {
    calls: ["pwrite64", "pwritev", "writev"],
    does: ["error=ENOSPC", "error=EIO", "error=EDQUOT", "retval=0", "lie", "kill"],
  },
  { calls: ["pread64"], does: ["error=EIO", "error=EINTR"] },
  {
    calls: ["open", "openat"],
    does: ["error=ENOSPC", "error=EIO", "error=EACCES", "error=EROFS", "error=EMFILE", "kill"],
  },
  {
    calls: ["rename", "renameat", "renameat2"],
    does: ["error=EXDEV", "error=EIO", "error=ENOSPC", "error=EACCES", "kill"],
  },
  { calls: ["link", "linkat"], does: ["error=EIO", "error=EMLINK", "error=EPERM", "error=EXDEV", "kill"] },
  { calls: ["unlink", "unlinkat"], does: ["error=EPERM", "error=EIO", "kill"] },
  { calls: ["mkdir", "mkdirat"], does: ["error=ENOSPC", "error=EACCES", "error=EDQUOT", "kill"] },
  { calls: ["close"], does: ["error=EIO", "error=ENOSPC"] },
  { calls: ["getdents64", "getdents"], does: ["error=EIO", "error=EACCES"] },
  { calls: ["fchmod", "utimensat", "futimens"], does: ["error=EPERM", "error=EROFS"] },
  { calls: ["lstat", "fstat", "stat", "newfstatat", "statx"], does: ["error=EIO", "error=EACCES"] },
];

/** A write that claims these bytes were taken, and takes none. */
const LIE = "retval=10";

const countsOf = (/** @type {readonly string[]} */ calls) => ["write", ...calls];

/** How the processes are traced. */
class Tracer {
  series = new Series();
  faults = 0;
  told = 0;
  kills = 0;
  missed = 0;
  #file = join(this.series.base, "trace");

  /**
   * One process, and its trace.
   * @param {string} label
   * @param {{ readonly calls: readonly string[], readonly more?: readonly string[], readonly lies?: boolean | undefined, readonly maxBytes?: number | undefined }} how
   */
  async run(label, { calls, more, lies, maxBytes }) {
    const under = strace({ file: this.#file, calls: countsOf(calls), more });
    const env = { ...ONE_THREAD, SOAK_WARM: "1" };
    const { out, killed } = await this.series.run({ label, how: { under, env }, lies, maxBytes });
    return { out, killed, text: readFileSync(this.#file, "utf8") };
  }

  /**
   * The numbers of the calls that the steps make, for each thread as strace counts them.
   * @param {readonly string[]} calls
   * @returns {Promise<number[]>}
   */
  async numbersOf(calls) {
    const { text, out } = await this.run("undisturbed", { calls });
    this.series.judge(out, { label: "undisturbed", harmless: true });
    /** @type {Map<string, number>} */
    const seen = new Map();
    /** @type {Set<number>} */
    const numbers = new Set();
    let begun = false;
    for (const call of parseTrace(text)) {
      if (saidBy(call) === "begin") begun = true;
      if (!calls.includes(call.name)) continue;
      const number = (seen.get(call.thread) ?? 0) + 1;
      seen.set(call.thread, number);
      if (begun) numbers.add(number);
    }
    return [...numbers].sort((a, b) => a - b);
  }

  /**
   * @param {readonly string[]} calls
   * @param {string} does
   * @param {number} at
   */
  async disturb(calls, does, at) {
    const label = `${calls[0]} ${at} ${does}`;
    const effect = does === "kill" ? "signal=KILL" : does === "lie" ? LIE : does;
    const inject = calls.map((call) => `?${call}`).join(",");
    const more = ["-e", `inject=${inject}:${effect}:when=${at}`];
    const { out, killed, text } = await this.run(label, { calls, more, lies: does === "lie" });
    if (this.count(text, killed)) this.told += this.series.judge(out, { label, harmless: does === "error=EINTR" });
  }

  /**
   * @param {string} text
   * @param {boolean} killed
   * @returns {boolean} whether the steps were to go on
   */
  count(text, killed) {
    // Calls before the steps are those of Node and of the warm-up. Their number may differ by a few from run to run.
    const begun = text.indexOf('"begin\\n"');
    if (killed && begun >= 0) this.kills += 1;
    else if (begun >= 0 && text.includes("(INJECTED)", begun)) this.faults += 1;
    else this.missed += 1;
    return !killed && begun >= 0;
  }
}

/**
 * Files whose names are known beforehand, since strace can tell calls apart by them: what writes them writes without a
 * position, as Node does to its own pipes.
 * @param {Tracer} tracer
 */
async function namedFiles(tracer) {
  for (const error of ["ENOSPC", "EIO"]) {
    for (const [file, maxBytes] of /** @type {const} */ ([
      ["-new/CACHEDIR.TAG", undefined],
      ["/v1/ledger", 500_000_000],
    ])) {
      const label = `write ${file} ${error}`;
      const path = `${tracer.series.next}${file}`;
      const more = ["-P", path, "-e", `inject=write:error=${error}`];
      const { out, text } = await tracer.run(label, { calls: [], more, maxBytes });
      if (text.includes("(INJECTED)")) tracer.faults += 1;
      else tracer.missed += 1;
      tracer.told += tracer.series.judge(out, { label });
    }
  }
}

/**
 * Files that may not grow beyond a length: the write that meets it is short, and the next one fails.
 * @param {Tracer} tracer
 */
async function shortWrites(tracer) {
  for (const blocks of [1, 3, 40, 1000, 2500]) {
    const label = `files of at most ${blocks} blocks`;
    const under = ["sh", "-c", `ulimit -f ${blocks}; exec "$0" "$@"`];
    const { out } = await tracer.series.run({ label, how: { under } });
    const failed = tracer.series.judge(out, { label });
    tracer.told += failed;
    tracer.faults += failed > 0 ? 1 : 0;
  }
}

/**
 * Faults below the program: single system calls that fail, lie or are the last one, for every such call in turn.
 * @param {{ readonly every: number }} how - 1 for each call, 5 for every fifth
 * @returns {Promise<import("../report.mjs").Outcome | string>}
 */
export async function syscalls({ every }) {
  const why = missingStrace();
  if (why !== undefined) return why;
  const tracer = new Tracer();
  try {
    for (const [family, { calls, does }] of FAULTS.entries()) {
      const numbers = await tracer.numbersOf(calls);
      // Each call meets one effect, and each effect some calls; where there are few calls, every effect each.
      for (let turn = family % every; turn < Math.max(numbers.length, does.length); turn += every) {
        const at = numbers[turn % numbers.length];
        if (at !== undefined) await tracer.disturb(calls, does[turn % does.length] ?? "", at);
      }
    }
    await namedFiles(tracer);
    await shortWrites(tracer);
    const { faults, kills, told, missed, series } = tracer;
    const did = { faults, kills, "told by code": told, "off target": missed };
    return { name: "system calls", did, bad: { problems: series.why.length }, why: series.why.slice(0, 10) };
  } finally {
    tracer.series.end();
  }
}
