// Prints what starting the command costs beside starting Node: node tooling/measure-cold-start.mjs [rounds]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const rounds = Number(process.argv[2] ?? 25);
const cli = fileURLToPath(new URL("../packages/cli/bin/cache.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cache-start-"));
const env = { PATH: process.env.PATH, HOME: folder, CACHE_DIR: join(folder, "store") };

/**
 * @param {string[]} args
 * @param {string} [input]
 */
function run(args, input) {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, cwd: folder, input });
  if (status !== 0) throw new Error(String(stderr));
  return performance.now() - began;
}

try {
  run([cli, "set", "key"], "a small value");
  const commands = { "node -e 0": ["-e", "0"], "cache get": [cli, "get", "key"] };
  /** @type {Record<string, number[]>} */
  const times = { "node -e 0": [], "cache get": [] };
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of Object.entries(commands)) times[name]?.push(run(args));
  }
  const median = Object.values(times).map((each) => each.sort((a, b) => a - b)[each.length >> 1] ?? Number.NaN);
  const least = Object.values(times).map((each) => each[0] ?? Number.NaN);
  const ratio = (/** @type {number[]} */ [base = 1, ours = 1]) => (ours / base).toFixed(2);
  console.log(
    `cache get: ${ratio(median)} x node -e 0 by median, ${ratio(least)} x by the fastest of ${rounds} rounds`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
