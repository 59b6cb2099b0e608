import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { demonstrate } from "./demonstration.ts";
import { HELP, type Options, parseOptions } from "./options.ts";
import { progressOn } from "./progress.ts";
import { htmlReport } from "./report/html.ts";
import { paletteFor } from "./report/palette.ts";
import { textReport } from "./report/text.ts";
import { judge } from "./verdict.ts";
import { beWorker, WORKER } from "./worker.ts";

const MOST_BYTES = 40_000_000;
const program = fileURLToPath(import.meta.url);
const root = resolve(dirname(program), "..", "..", "..");

/** A new directory that nobody else can enter. */
function privateDirectory(): string {
  const directory = mkdtempSync(join(realpathSync(tmpdir()), "cache-demo-"));
  chmodSync(directory, 0o700);
  return directory;
}

/** Removes the directory when the user stops the program, too. */
function removeOnSignal(directory: string): void {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.once(signal, () => {
      rmSync(directory, { recursive: true, force: true });
      process.exit(code);
    });
  }
}

async function show({ files, report, keep }: Options): Promise<number> {
  const directory = privateDirectory();
  if (!keep) removeOnSignal(directory);
  const progress = progressOn(process.stderr);
  try {
    const evidence = await demonstrate({ program, root, directory }, { files, bytes: MOST_BYTES }, progress.report);
    progress.end();
    const faults = judge(evidence);
    const page = resolve(report ?? join(root, ".demo", "report.html"));
    mkdirSync(dirname(page), { recursive: true });
    writeFileSync(page, htmlReport(evidence, faults));
    process.stdout.write(textReport(evidence, faults, page, paletteFor(process.stdout)));
    return faults.length === 0 ? 0 : 1;
  } finally {
    progress.end();
    if (keep) process.stderr.write(`The caches are in ${directory}\n`);
    else rmSync(directory, { recursive: true, force: true });
  }
}

async function main(args: readonly string[]): Promise<number> {
  if (args[0] === WORKER) {
    await beWorker();
    return 0;
  }
  let options: Options;
  try {
    options = parseOptions(args);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    return 2;
  }
  if (!options.help) return show(options);
  process.stdout.write(HELP);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`The demonstration failed: ${(error as Error).stack ?? error}\n`);
  process.exitCode = 1;
}
