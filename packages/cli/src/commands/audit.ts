import { withoutKeys } from "@cache/core/adapter";
import { type AuditProblem, type AuditReport, type AuditVerifyOptions, verifyAuditLog } from "@cache/core/audit";
import type { Keyring, MasterKey } from "@cache/core/keyring";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { loadKeyring } from "../keyring-source.ts";
import { note, printable, writeJson, writeLine } from "../output.ts";
import { configOf } from "../session.ts";
import { UsageError } from "../usage-error.ts";

/** The keys that are believed. A keyring for signing alone chains no log, and a log of its user has no key. */
function keysOf(keyring: Keyring | undefined): readonly MasterKey[] | undefined {
  return keyring?.entries.some(({ type }) => type === "master") ? keyring.masters : undefined;
}

const WORDS: Readonly<Record<AuditProblem["what"], string>> = {
  unreadable: "unreadable",
  edited: "edited",
  removed: "removed, or moved: what was before it is not there",
  gap: "gap: lines of its run before it were not written, or cut off while it ran",
  unkeyed: "unkeyed: made without a key, by anybody",
  "unknown-key": "by a key that is revoked or unknown",
  cut: "cut: the head that was expected is not there",
};

function problemText({ file, line, lines, what, keyId }: AuditProblem): string {
  const at = `${printable(file)}:${line}${lines > 1 ? `-${line + lines - 1}` : ""}`;
  return `${at}  ${WORDS[what]}${keyId === undefined ? "" : ` (${printable(keyId)})`}`;
}

function endText({ head, end }: AuditReport): string {
  const text = {
    unproven: "; that nothing after it was cut off is not proven: --expect-head takes a head that was kept elsewhere",
    proven: "; the expected one is there",
    "rotated-away": "; the expected one was in a file that is no longer kept",
    cut: "; the expected one is not there",
  }[end];
  return `head ${head ?? "none"}${text}`;
}

async function writeReport(report: AuditReport): Promise<void> {
  const { lines, files, runs, open, keyIds, rotatedAway, problems } = report;
  for (const problem of problems) await writeLine(problemText(problem));
  await writeLine(
    `${lines} lines of ${runs} runs in ${files} files, ${open} without an end; ${problems.length} problems`,
  );
  for (const id of keyIds) await writeLine(`chained with the key ${id}`);
  if (keyIds.length === 0) await writeLine("chained with no key that was given: whoever edits it can make it anew");
  if (rotatedAway > 0) await writeLine(`${rotatedAway} lines before the first were in files that are no longer kept`);
  await writeLine(endText(report));
}

/** `undefined` when there is no log, and none that has to be there still. */
async function readLog(path: string, options: AuditVerifyOptions): Promise<AuditReport | undefined> {
  try {
    return await verifyAuditLog(path, options);
  } catch (error) {
    const isAbsent = ((error as Error).cause as { code?: unknown } | undefined)?.code === "ENOENT";
    if (isAbsent && options.expectHead === undefined) return undefined;
    throw error;
  }
}

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const [action, file] = given.positionals;
  if (action !== "verify") throw new UsageError("there is no such action", "it is verify");
  const expectHead = given.text("expect-head");
  if (expectHead !== undefined && !/^\d{1,16}-[0-9a-f]{64}$/.test(expectHead))
    throw new UsageError("--expect-head is no head", "audit verify prints it: a number, - and 64 hexadecimal digits");
  const config = await configOf(invocation);
  const path = file ?? config.auditFile;
  if (path === undefined)
    throw new UsageError("no audit log is named", "give its path, or auditFile in the configuration");
  const keys = keysOf(await loadKeyring(invocation, config));
  const report = await readLog(path, { keys, expectHead });
  if (report === undefined) {
    if (given.flag("json")) await writeJson({ state: "miss" });
    else note(`there is no audit log at ${withoutKeys(printable(path))}: nothing was written yet, or it was removed`);
    return EXIT.miss;
  }
  if (given.flag("json")) await writeJson(report);
  else await writeReport(report);
  return report.problems.length > 0 ? EXIT.rejected : EXIT.ok;
}

/** `cache audit`. */
export const command: Command = {
  usage: "audit verify [FILE] [--expect-head HEAD]",
  summary: "Find what was edited, removed or reordered in an audit log",
  details: `Reads the log with the files that were put aside when they were full. Without FILE that of the configuration. When keys
are given only lines by one of them are believed; a log that is kept without a key can be made anew by whoever edits it.
Problems: unreadable, edited, removed (lines before it are missing, or it was moved), gap (lines of its run are missing: not
written, or cut off while it ran), unkeyed (made without a key), unknown-key (by a key that is revoked or unknown), cut (the
expected head is missing).
--json prints {files, lines, runs, open, keyIds, rotatedAway, head, end, problems: [{file, line, lines, what, keyId}]}.
Exits with 3 when there are problems, and with 1 when there is no log: nothing was written yet, or somebody removed it.`,
  options: {
    "expect-head": { type: "string", value: "HEAD", help: "what was printed as head before: it has to be there still" },
  },
  positionals: [1, 2],
  run,
};
