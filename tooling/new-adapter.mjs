import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { generateAdapter } from "./adapter/generate.mjs";
import { adapterName } from "./adapter/name.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const [text, ...rest] = process.argv.slice(2);

if (text === undefined || rest.length > 0) {
  console.error("pnpm new:adapter NAME    makes packages/NAME, for example: pnpm new:adapter memcached");
  process.exit(2);
}

try {
  const name = adapterName(text);
  for (const path of generateAdapter(root, name)) console.log(path);
  install();
  run("pnpm", "exec", "biome", "check", "--write", "--config-path=tooling", `packages/${name.kebab}`);
  console.log(`
packages/${name.kebab} builds and keeps the contract of a store; it only does not know ${name.pascal} yet.
  1. src/client.ts              the part of the client that it needs
  2. src/${`${name.kebab}-store.ts`.padEnd(22)} the store
  3. test/service.ts            the real service, or what stands for it
  4. README.md                  what it guarantees, what a call costs
Its tests alone: npm test -- --project ${name.kebab}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** All that a new adapter needs is in the repository; only a machine that lacks some of that has to ask for it. */
function install() {
  const args = ["install", "--no-frozen-lockfile", "--reporter=append-only"];
  // What this one prints when something has to be asked for would look like a failure.
  if (succeeds("pnpm", [...args, "--offline"], "ignore")) return;
  run("pnpm", ...args, "--prefer-offline");
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, ...args) {
  if (!succeeds(program, args)) throw new Error(`failed: ${program} ${args.join(" ")}`);
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {"inherit" | "ignore"} stdio
 * @returns {boolean}
 */
function succeeds(program, args, stdio = "inherit") {
  return spawnSync(program, args, { cwd: root, stdio, shell: process.platform === "win32" }).status === 0;
}
