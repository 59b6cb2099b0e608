import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { moduleName } from "./compile.mjs";

/** @typedef {import("./laboratory.mjs").Laboratory} Laboratory */
/** @typedef {import("./programs.mjs").Program} Program */

const PATIENCE = 30_000;

/**
 * Runs an example in an empty folder that is also its home.
 * @param {Laboratory} laboratory
 * @param {Program} program - compiled before, when it is TypeScript
 * @param {Readonly<Record<string, string>>} [services] - variables that say where servers are
 * @returns {Promise<string | undefined>} what went wrong and where in the document, or nothing
 */
export async function runExample(laboratory, program, services = {}) {
  const cwd = laboratory.privateFolder(`${moduleName(program)}.${program.language}`);
  const { code, output } = await ended(cwd, { ...laboratory, services }, commandOf(laboratory, program));
  if (code === program.exit) return undefined;
  return `${placeIn(program, output)} ended with ${code}, and should end with ${program.exit}\n${output}`;
}

/**
 * @param {Laboratory} laboratory
 * @param {Program} program
 * @returns {string[]}
 */
function commandOf({ folder }, program) {
  const path = join(folder, "modules", moduleName(program));
  if (program.language === "ts") return [process.execPath, "--enable-source-maps", `${path}.js`];
  writeFileSync(`${path}.sh`, program.text);
  return ["sh", "-eu", `${path}.sh`];
}

/**
 * @param {string} cwd
 * @param {Laboratory & { services: Readonly<Record<string, string>> }} laboratory
 * @param {string[]} command
 * @returns {Promise<{ code: number | string, output: string }>}
 */
function ended(cwd, { bin, services }, [program = "", ...args]) {
  const env = {
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    HOME: cwd,
    USERPROFILE: cwd,
    TMPDIR: cwd,
    LANG: "C.UTF-8",
    ...services,
  };
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: PATIENCE });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (/** @type {string} */ text) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? signal ?? "nothing", output }));
  });
}

/**
 * Modules and scripts have the lines of their document, so that what a program says of itself is the place.
 * @param {Program} program
 * @param {string} output
 * @returns {string}
 */
function placeIn(program, output) {
  const name = moduleName(program).replace(/[.+]/g, "\\$&");
  const line = new RegExp(`${name}\\.(?:ts|sh): ?(\\d+)`).exec(output)?.[1] ?? program.line;
  return `${program.file}:${line}`;
}
