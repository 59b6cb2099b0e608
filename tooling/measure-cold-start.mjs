// Prints what starting the command costs beside starting Node: node tooling/measure-cold-start.mjs [rounds]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const rounds = Number(process.argv[2] ?? 25);
const cli = fileURLToPath(new URL("../packages/cli/bin/cache.cjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cache-start-"));
const base = { PATH: process.env.PATH, HOME: folder };
const plain = { ...base, CACHE_DIR: join(folder, "plain") };
const sealed = { ...base, CACHE_DIR: join(folder, "sealed"), CACHE_KEYRING_FILE: join(folder, "keys") };

/**
 * @param {string[]} args
 * @param {Record<string, string | undefined>} env
 * @param {string} [input]
 */
function run(args, env, input) {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, cwd: folder, input });
  if (status !== 0) throw new Error(String(stderr));
  return performance.now() - began;
}

/** @type {Record<string, () => number>} */
const starts = {
  "node -e 0": () => run(["-e", "0"], base),
  "cache get": () => run([cli, "get", "key"], plain),
  "cache get, sealed and signed": () => run([cli, "get", "key"], sealed),
};

try {
  run([cli, "keys", "new"], sealed);
  for (const env of [plain, sealed]) run([cli, "set", "key"], env, "a small value");
  for (const start of Object.values(starts)) start();
  /** @type {number[][]} */
  const times = Object.keys(starts).map(() => []);
  for (let round = 0; round < rounds; round++) {
    Object.values(starts).forEach((start, index) => {
      times[index]?.push(start());
    });
  }
  const sorted = times.map((each) => each.sort((a, b) => a - b));
  const [median, least] = [sorted.map((each) => each[each.length >> 1] ?? 0), sorted.map((each) => each[0] ?? 0)];
  console.log(`times of node -e 0, by median and by the fastest of ${rounds} rounds:`);
  Object.keys(starts).forEach((name, index) => {
    const [middle, fastest] = [median, least].map((each) => ((each[index] ?? 0) / (each[0] ?? 1)).toFixed(2));
    console.log(`  ${name.padEnd(32)} ${middle}  ${fastest}`);
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
