import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root = fileURLToPath(new URL("../..", import.meta.url));

const env = { ...process.env, PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}` };
const start = promisify(execFile);

/**
 * Runs a program to its end, with the tools of the repository on its path.
 * @param {string} cwd
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<string>} what it printed
 * @throws Error with what it printed, when it fails
 */
export async function run(cwd, program, ...args) {
  try {
    const { stdout } = await start(program, args, {
      cwd,
      env,
      maxBuffer: 2 ** 26,
      shell: process.platform === "win32",
    });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    throw new Error([`${program} ${args.join(" ")}`, stdout.trim(), stderr.trim()].join("\n"), { cause: error });
  }
}

/**
 * Runs a job for each item, a few at a time.
 * @template T, R
 * @param {number} limit
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<R>} job
 * @returns {Promise<R[]>}
 */
export async function eachOf(limit, items, job) {
  /** @type {R[]} */
  const results = [];
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results[next[0]] = await job(next[1]);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
