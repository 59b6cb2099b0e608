import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * How a process is started.
 * @typedef {object} How
 * @property {readonly string[]} [node] - options of Node itself
 * @property {Readonly<Record<string, string>>} [env]
 * @property {readonly string[]} [under] - a command that runs it
 */

/**
 * A program of ours in a process of its own.
 * @param {string} program - below `programs`
 * @param {readonly string[]} args
 * @param {How} [how]
 */
export function start(program, args, { node = [], env = {}, under = [] } = {}) {
  const path = fileURLToPath(new URL(`programs/${program}`, import.meta.url));
  const [file = "", ...rest] = [...under, process.execPath, ...node, path, ...args];
  const child = spawn(file, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (piece) => {
    out += piece;
  });
  child.stderr.on("data", (piece) => {
    err += piece;
  });
  /** @type {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} */
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  return {
    ended,
    out: () => out,
    err: () => err,
    kill: () => child.kill("SIGKILL"),
    /** Until it has printed something, or is over. */
    async begun() {
      while (out === "" && child.exitCode === null && child.signalCode === null) await pause(2);
    },
  };
}

/**
 * @param {number} milliseconds
 * @param {Promise<unknown>} [orUntil] - ends it sooner
 */
export async function pause(milliseconds, orUntil = new Promise(() => undefined)) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const passed = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([passed, orUntil]);
  clearTimeout(timer);
}
