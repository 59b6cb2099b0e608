// Runs vitest, and then looks for the keys that the tests made in everything that the tests and their programs printed.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { searchSecrets } from "./secrets/search.mjs";

const folder = mkdtempSync(join(tmpdir(), "cache-test-secrets-"));
const REPORT = ["--reporter=default", "--reporter=json", "--outputFile.json=.test-report/report.json"];
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
process.exitCode = code === 0 && found.length > 0 ? 1 : (code ?? 1);
