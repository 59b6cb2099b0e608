// Runs vitest, and then looks for the keys that the tests made in everything that the tests and their programs printed, and for
// the tests that the table of coverage names.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkCoverage, commandsIn, scriptsIn } from "./coverage/check.mjs";
import { searchSecrets } from "./secrets/search.mjs";

const folder = mkdtempSync(join(tmpdir(), "cache-test-secrets-"));
const REPORT_FILE = ".test-report/report.json";
const REPORT = ["--reporter=default", "--reporter=json", `--outputFile.json=${REPORT_FILE}`];
const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "tooling/vitest.config.ts", ...REPORT];

// Colours are for the terminal that is behind the pipe.
const colours = process.stdout.isTTY ? { FORCE_COLOR: process.env.FORCE_COLOR ?? "1" } : {};
const child = spawn(process.execPath, [...vitest, ...process.argv.slice(2)], {
  stdio: ["inherit", "pipe", "pipe"],
  env: { ...process.env, ...colours, TEST_SECRETS: folder },
});
let output = "";
for (const [from, to] of /** @type {const} */ ([
  [child.stdout, process.stdout],
  [child.stderr, process.stderr],
])) {
  from.on("data", (piece) => {
    output += piece;
    to.write(piece);
  });
}
const code = await new Promise((resolve) => child.on("close", resolve));
const { keys, bytes, found } = searchSecrets(folder, output);
rmSync(folder, { recursive: true, force: true });
console.log(
  `${keys} keys of the tests looked for in ${Math.ceil(bytes / 1024)} KiB that tests and programs printed: ${found.length} found`,
);
for (const where of found.slice(0, 10)) console.log(`  after ${where}`);
const missing = process.argv.length > 2 ? [] : missingCoverage();
process.exitCode = code === 0 && found.length + missing.length > 0 ? 1 : (code ?? 1);

/** What `docs/coverage.md` names as shown and this run, of all tests, has not. */
function missingCoverage() {
  if (!existsSync(REPORT_FILE)) return [];
  const root = fileURLToPath(new URL("..", import.meta.url));
  const { testResults } = JSON.parse(readFileSync(REPORT_FILE, "utf8"));
  const project = { root, commands: commandsIn(root), scripts: scriptsIn(root) };
  const { problems, verdict } = checkCoverage(readFileSync(`${root}docs/coverage.md`, "utf8"), testResults, project);
  console.log(verdict);
  for (const problem of problems) console.log(`  ${problem}`);
  return problems;
}
