import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/**
 * What fuzzing a target in a process of its own came to.
 * @typedef {object} Figures
 * @property {string} name
 * @property {number} runs
 * @property {number} blocks
 * @property {number} features
 * @property {number} inputs
 * @property {number} slowest - milliseconds
 * @property {{ readonly fault: string, readonly stack: string, readonly bytes: string }[]} findings - bytes in base64
 */

/**
 * @typedef {object} Budget
 * @property {number} [runs] - for each target
 * @property {number} [seconds] - for each target
 * @property {number} [findings] - different faults of one target, after which it is asked no further; 8 unless said
 * @property {number} seed
 * @property {number} [patience] - seconds that one input may take; 20 unless said
 * @property {boolean} [distil] - exchanges the kept inputs for what this run shows is worth keeping
 * @property {string} [module] - of other targets
 */

const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Fuzzes targets in one process. A process that ends before its time was ended by an input, which is a finding.
 * @param {readonly string[]} names
 * @param {Budget} budget
 * @returns {Promise<Figures[]>}
 */
export async function fuzzed(names, budget) {
  const folder = mkdtempSync(join(tmpdir(), "cache-fuzz-"));
  const last = join(folder, "last");
  const { distil, ...rest } = budget;
  const options = Object.entries({ targets: names.join(","), last, ...rest }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  const node = ["--max-old-space-size=1024", "--import", new URL("instrument/register.mjs", import.meta.url).href];
  const child = spawn(process.execPath, [...node, path("worker.mjs"), ...options, ...(distil ? ["--distil"] : [])], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, TMPDIR: folder },
  });
  let complaints = "";
  child.stderr.on("data", (piece) => {
    complaints = `${complaints}${piece}`.slice(0, 4000);
  });
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
  /** @type {Figures[]} */
  const done = [];
  let current = "";
  for await (const line of createInterface({ input: child.stdout })) {
    const { begins, ...figures } = JSON.parse(line);
    if (begins === undefined) done.push(figures);
    else current = begins;
  }
  const how = await ended;
  const bytes = existsSync(last) ? readFileSync(last).toString("base64") : "";
  rmSync(folder, { recursive: true, force: true });
  if (how === 0) return done;
  const fault = bytes === "" ? `the process ended with ${how}` : "it takes too long, or too much memory";
  return [...done, { ...NOTHING, name: current, findings: [{ fault, stack: complaints, bytes }] }];
}

const NOTHING = { runs: 0, blocks: 0, features: 0, inputs: 0, slowest: 0 };

/**
 * Fuzzes targets, some at a time.
 * @param {readonly (readonly string[])[]} groups - of targets, each for a process
 * @param {number} atOnce
 * @param {Budget} budget
 * @param {(names: readonly string[]) => void} [tell] - what is begun
 * @returns {Promise<Figures[]>} in the order of the groups
 */
export async function campaign(groups, atOnce, budget, tell = () => {}) {
  /** @type {Figures[][]} */
  const outcomes = groups.map(() => []);
  const waiting = groups.entries();
  const lane = async () => {
    for (const [index, names] of waiting) {
      tell(names);
      outcomes[index] = await fuzzed(names, budget);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return outcomes.flat();
}
