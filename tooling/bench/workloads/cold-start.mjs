import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Collection } from "../results.mjs";
import { alternate } from "../rounds.mjs";

/** @typedef {import("../rounds.mjs").Workload} Workload */

const CLI = fileURLToPath(new URL("../../../packages/cli/bin/cache.cjs", import.meta.url));

/**
 * Nanoseconds that a process takes.
 * @param {string} folder
 * @param {readonly string[]} args
 * @param {Record<string, string | undefined>} env
 * @param {string} [input]
 */
function run(folder, args, env, input) {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, cwd: folder, input });
  if (status !== 0) throw new Error(String(stderr));
  return (performance.now() - began) * 1e6;
}

/** @type {Workload} */
export const coldStart = {
  name: "cold start",
  about: "what a short command takes beside starting Node",
  async measure(bench) {
    const figures = new Collection("cold start");
    const folder = bench.scratch.directory();
    const base = { PATH: process.env.PATH, HOME: folder };
    const plain = { ...base, CACHE_DIR: join(folder, "plain") };
    const sealed = { ...base, CACHE_DIR: join(folder, "sealed"), CACHE_KEYRING_FILE: join(folder, "keys") };
    run(folder, [CLI, "keys", "new"], sealed);
    for (const env of [plain, sealed]) run(folder, [CLI, "set", "key"], env, "a small value");
    /** @type {readonly (readonly [string, () => number])[]} */
    const starts = [
      ["node -e 0", () => run(folder, ["-e", "0"], base)],
      ["cache get", () => run(folder, [CLI, "get", "key"], plain)],
      ["cache get, sealed and signed", () => run(folder, [CLI, "get", "key"], sealed)],
      [
        'require("cacache")',
        () => run(fileURLToPath(new URL("..", import.meta.url)), ["-e", 'require("cacache")'], base),
      ],
    ];
    await alternate({ ...bench, rounds: bench.quick ? 9 : 25 }, starts, async (start, subject) => {
      figures.add({ subject, operation: "run" }, start());
    });
    return figures.results();
  },
};
