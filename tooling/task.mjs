// The tasks that package.json names. Plain Node: it runs before anything is installed; npx has put pnpm on PATH.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const env = { ...process.env, CI: process.env.CI ?? "1", TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
const [, , name, ...rest] = process.argv;

/** Runs one step, shows how long it took, and ends the task with the step's own exit code when it fails. */
function step(title, command, ...args) {
  console.log(`\n> ${title}`);
  const began = Date.now();
  const { status, error } = spawnSync(command, args, { cwd: root, env, stdio: "inherit", shell: process.platform === "win32" });
  if (error) console.error(String(error));
  if (status !== 0) {
    console.error(`\n${name}: FAILED at "${title}". To run it alone: ${[command, ...args].join(" ")}`);
    process.exit(status || 1);
  }
  console.log(`  done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

const pnpm = (title, ...args) => step(title, "pnpm", ...args);
const turbo = (title, ...args) => pnpm(title, "exec", "turbo", "run", ...args, "--output-logs=errors-only");
const install = () => pnpm("install", "install", "--frozen-lockfile", "--prefer-offline", "--reporter=append-only");

/** Runs every test and says how many there were: a run that tested nothing has failed. */
function vitest() {
  const folder = mkdtempSync(join(tmpdir(), "cache-tests-"));
  const output = join(folder, "results.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${output}`];
  console.log("\n> tests");
  const args = ["exec", "vitest", "run", "--config", "tooling/vitest.config.ts", ...reporters, ...rest];
  const { status } = spawnSync("pnpm", args, { cwd: root, env, stdio: "inherit", shell: process.platform === "win32" });
  let counted = { numPassedTests: 0, numFailedTests: 0 };
  try {
    counted = JSON.parse(readFileSync(output, "utf8"));
  } catch {
    console.error("the test runner left no result");
  }
  rmSync(folder, { recursive: true, force: true });
  const { numPassedTests: passed, numFailedTests: failed } = counted;
  console.log(`\n${passed} passed, ${failed} failed`);
  if (status !== 0 || failed > 0 || passed === 0) {
    console.error("test: FAILED");
    process.exit(1);
  }
}

const tasks = {
  demo() {
    install();
    turbo("build the demo", "build", "--filter=@cache/demo...");
    step("the demo", process.execPath, "apps/demo/dist/main.js", ...rest);
  },
  test() {
    install();
    turbo("build", "build");
    vitest();
  },
  check() {
    install();
    turbo("build", "build");
    pnpm("types of sources and tests", "exec", "tsc", "-p", "tooling/tsconfig.json", "--noEmit");
    pnpm("format and lint", "exec", "biome", "check", "--error-on-warnings", "--config-path=tooling", ".");
    step("house rules", process.execPath, "tooling/check-house.mjs");
  },
};

const task = Object.hasOwn(tasks, name ?? "") ? tasks[name] : undefined;
if (task === undefined) {
  console.error(`tasks: ${Object.keys(tasks).join(", ")}`);
  process.exit(2);
}
task();
console.log(`\n${name}: OK`);
