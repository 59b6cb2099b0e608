import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/**
 * Starts a program of this folder.
 * @param {string} name
 * @param {readonly string[]} args
 */
function start(name, args) {
  const path = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));
  return spawn(process.execPath, ["--expose-gc", path, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

/**
 * Runs one to its end.
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {Promise<unknown>} what it printed, as JSON
 */
export async function run(name, ...args) {
  const child = start(name, args);
  let out = "";
  child.stdout.on("data", (piece) => {
    out += piece;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  return JSON.parse(out);
}
