import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** @typedef {import("./steps.mjs").Step} Step */

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Tools ask nothing, send nothing and colour nothing that they would not in an unattended run. */
const env = {
  ...process.env,
  // Tests that passed on one Node, or as one user, have not passed on another.
  TEST_MACHINE: [process.version, process.platform, process.arch, process.getuid?.()].join(" "),
  CI: process.env.CI ?? "1",
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  ...(process.stdout.isTTY ? {} : { NO_COLOR: "1", FORCE_COLOR: "0" }),
};

/**
 * Runs steps one after the other, with what each took.
 * @param {Readonly<Record<string, Step>>} steps
 * @returns {string[]} names of those that failed; after a vital one nothing else was tried
 */
export function runSteps(steps) {
  const failed = [];
  const entries = Object.entries(steps);
  for (const [index, [name, step]] of entries.entries()) {
    console.log(`\n[${index + 1}/${entries.length}] ${name}: ${step.says}\n> ${step.command.join(" ")}`);
    const began = performance.now();
    const problem = run(step.command);
    console.log(`[${index + 1}/${entries.length}] ${name}: ${problem ?? "ok"}, ${seconds(began)}`);
    if (problem === undefined) continue;
    failed.push(name);
    if (step.vital) break;
  }
  return failed;
}

/**
 * @param {string[]} command
 * @returns {string | undefined} what went wrong
 */
function run([program = "", ...args]) {
  const windows = process.platform === "win32";
  const { error, status, signal } = spawnSync(program, args, { cwd: root, env, stdio: "inherit", shell: windows });
  if (error !== undefined) return `FAILED, ${program} could not be started (${error.message})`;
  if (signal !== null) return `FAILED, ended by ${signal}`;
  return status === 0 ? undefined : `FAILED with exit code ${status}`;
}

/**
 * Time since a moment, for people.
 * @param {number} began - in milliseconds, of `performance.now()`
 * @returns {string}
 */
export function seconds(began) {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}
