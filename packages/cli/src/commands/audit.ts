import { type AuditReport, verifyAuditLog } from "@cache/core/audit";
import type { MasterKey } from "@cache/core/keyring";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { loadKeyring } from "../keyring-source.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { configOf } from "../session.ts";
import { UsageError } from "../usage-error.ts";

/** By each master key, or without one: a log says not which it was chained with. The answer with the fewest problems. */
async function verifyWith(path: string, keys: readonly MasterKey[]): Promise<AuditReport> {
  let best: AuditReport | undefined;
  for (const key of [...keys, undefined]) {
    const report = await verifyAuditLog(path, { key });
    if (best === undefined || report.problems.length < best.problems.length) best = report;
    if (report.problems.length === 0) break;
  }
  return best as AuditReport;
}

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const [action, file] = given.positionals;
  if (action !== "verify") throw new UsageError("there is no such action", "it is verify");
  const config = await configOf(invocation);
  const path = file ?? config.auditFile;
  if (path === undefined)
    throw new UsageError("no audit log is named", "give its path, or auditFile in the configuration");
  const keyring = await loadKeyring(invocation, config);
  const report = await verifyWith(path, keyring?.masters ?? []);
  const { lines, files, runs, open, beginsLate, problems } = report;
  if (given.flag("json")) await writeJson(report);
  else {
    for (const { file: at, line, what } of problems) await writeLine(`${what.padEnd(10)} ${printable(at)}:${line}`);
    await writeLine(
      `${lines} lines of ${runs} runs in ${files} files, ${open} without an end; ${problems.length} problems`,
    );
    if (beginsLate) await writeLine("what was before the first line was removed, by rotation or otherwise");
  }
  return problems.length > 0 ? EXIT.rejected : EXIT.ok;
}

/** `cache audit`. */
export const command: Command = {
  usage: "audit verify [FILE]",
  summary: "Find what was edited, removed or reordered in an audit log",
  details: `Reads the log with the files that were put aside when they were full. Without FILE that of the configuration. Keys are
tried when they are given; a log that was kept without one can be made anew by whoever edits it.
Problems: edited, removed (lines before it are missing, or it was moved), cut (the end of an earlier run is missing), unreadable.
--json prints {files, lines, runs, open, beginsLate, problems: [{file, line, what}]}. Exits with 3 when there are problems.`,
  positionals: [1, 2],
  run,
};
