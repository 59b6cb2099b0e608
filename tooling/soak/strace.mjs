import { spawnSync } from "node:child_process";

/** One thread for what Node does beside the program, so that the n-th call is the same one each time. */
export const ONE_THREAD = { UV_THREADPOOL_SIZE: "1" };

/** @returns {string | undefined} why no system calls can be traced here */
export function missingStrace() {
  const { error, status } = spawnSync("strace", [
    "-f",
    "--seccomp-bpf",
    "-qq",
    "-o",
    "/dev/null",
    "-e",
    "trace=fsync",
    "true",
  ]);
  if (error !== undefined) return "it needs strace 5.3 or later";
  return status === 0 ? undefined : "strace may not trace here";
}

/**
 * A command that runs another one and writes down its system calls, each with the paths behind its descriptors.
 * @param {object} what
 * @param {string} what.file - where to
 * @param {readonly string[]} what.calls - those a system does not have are left out
 * @param {readonly string[]} [what.more] - further options
 * @returns {string[]}
 */
export function strace({ file, calls, more = [] }) {
  const trace = `trace=${calls.map((call) => `?${call}`).join(",")}`;
  // Calls that are of no interest cost nothing with a filter in the kernel; but behind one no signal is sent.
  const filter = more.some((option) => option.includes(":signal=")) ? [] : ["--seccomp-bpf"];
  return ["strace", "-f", ...filter, "-y", "-qq", "-s", "80", "-o", file, "-e", trace, ...more];
}

/**
 * A system call as it was traced.
 * @typedef {object} Call
 * @property {string} thread
 * @property {string} name
 * @property {string} args - as strace writes them
 * @property {string} result
 * @property {number} began - the line it began in
 * @property {number} ended - the line in which its result stands
 */

const WHOLE = /^(\d+) +(\w+)\((.*)\) += (.*)$/;
const BEGUN = /^(\d+) +(\w+)\((.*?) *<unfinished \.\.\.>$/;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (.*)$/;

/**
 * Calls in the order of their ends. One that never ended is left out.
 * @param {string} text - what {@link strace} wrote
 * @returns {Call[]}
 */
export function parseTrace(text) {
  /** @type {Map<string, { args: string, began: number }>} */
  const begun = new Map();
  /** @type {Call[]} */
  const calls = [];
  for (const [line, row] of text.split("\n").entries()) {
    const [, thread = "", name = "", args = "", result = ""] = WHOLE.exec(row) ?? RESUMED.exec(row) ?? [];
    const unfinished = BEGUN.exec(row);
    if (unfinished !== null) {
      const [, by = "", of = "", first = ""] = unfinished;
      begun.set(`${by} ${of}`, { args: first, began: line });
    } else if (name !== "") {
      const first = RESUMED.test(row) ? begun.get(`${thread} ${name}`) : undefined;
      calls.push({ thread, name, result, args: (first?.args ?? "") + args, began: first?.began ?? line, ended: line });
    }
  }
  return calls;
}

/**
 * Where a program said something on its standard output.
 * @param {Call} call
 * @returns {string | undefined}
 */
export function saidBy({ name, args }) {
  return name === "write" ? /^1(?:<[^>]*>)?, "(.*)\\n", \d+$/.exec(args)?.[1] : undefined;
}
