// Runs the tests of stores on servers against the real servers: npm run test:remote -- [--only NAME]
// Ends with 0 only when every server that was asked for ran, and everything held.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { optionsOf, refuse } from "../options.mjs";
import { figuresIn, rowsOf, tableOf } from "./report.mjs";
import { SERVICES } from "./services.mjs";

const USAGE = "npm run test:remote -- [--only NAME]";
const root = fileURLToPath(new URL("../..", import.meta.url));
const { only } = optionsOf(USAGE, { only: { type: "string" } });
const chosen = Object.entries(SERVICES).filter(([name]) => (only ?? name) === name);
if (chosen.length === 0) refuse(USAGE, `--only is one of ${Object.keys(SERVICES).join(", ")}`);

const rows = [];
const problems = [];
for (const [name, service] of chosen) {
  const runs = service();
  if ("unavailable" in runs) problems.push(`${name} did not run: ${runs.unavailable}`);
  else for (const run of runs) rows.push(...(await outcomesOf(run)));
}
console.log(tableOf(rows));
for (const { server, what, failed } of rows)
  if (failed > 0) problems.push(`${server}, ${what}: ${failed} did not hold`);
for (const problem of problems) console.log(problem);
console.log(`npm run test:remote: ${problems.length === 0 && rows.length > 0 ? "PASSED" : "FAILED"}`);
process.exitCode = problems.length === 0 && rows.length > 0 ? 0 : 1;

/**
 * Runs the files of one server, and reads what vitest wrote down.
 * @param {import("./services.mjs").Run} run
 */
async function outcomesOf({ server, files, env }) {
  const folder = mkdtempSync(join(tmpdir(), "cache-remote-"));
  const [report, figures] = [join(folder, "report.json"), join(folder, "figures.txt")];
  const command = ["node_modules/vitest/vitest.mjs", "run", "--config", "tooling/remote/vitest.config.ts"];
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  const child = spawn(process.execPath, [...command, ...reporters], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env, REMOTE_FILES: files.join(" "), REMOTE_FIGURES: figures },
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  for (const line of figuresIn(figures)) console.log(`${server}: ${line}`);
  const found = rowsOf(server, report, root);
  rmSync(folder, { recursive: true, force: true });
  const isExplained = code === 0 || found.some(({ failed }) => failed > 0);
  return isExplained ? found : [...found, { server, what: "vitest", passed: 0, failed: 1, seconds: 0 }];
}
