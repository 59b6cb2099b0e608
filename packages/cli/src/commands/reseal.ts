import type { Keyring } from "@cache/core/keyring";
import { type ResealReport, resealStore } from "@cache/core/maintenance";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { findKey } from "../keys/file.ts";
import { writeJson, writeLine } from "../output.ts";
import { watched } from "../progress.ts";
import { mentionAbsence } from "../remarks.ts";
import { openSession } from "../session.ts";
import { sizeText } from "../units.ts";
import { UsageError } from "../usage-error.ts";

/** The key whose work is sealed again. */
function fromKey(keyring: Keyring | undefined, prefix: string | undefined): Uint8Array | undefined {
  if (prefix === undefined || keyring === undefined) return undefined;
  const { id, type, status } = findKey(keyring, prefix);
  if (type !== "master") throw new UsageError("only master keys seal");
  if (status !== "revoked") return id;
  throw new UsageError(
    "what a revoked key sealed is never sealed again: it may be forged",
    "cache gc removes it when it is old",
  );
}

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  // On the medium before what it replaces is removed, whatever else the store is used for.
  const { store, protection, onEvent } = await openSession(invocation, { durable: true });
  mentionAbsence(store);
  const { seal, sign, keyring } = protection;
  if (seal === undefined)
    throw new UsageError("no master key was given, so nothing can be sealed", "name the keys with --keyring-file");
  const from = fromKey(keyring, given.text("from"));
  const dryRun = given.flag("dry-run");
  const report = await watched("sealing again", (onProgress) =>
    resealStore({ store, seal, sign, onEvent, from, dryRun, onProgress }),
  );
  await (given.flag("json") ? writeJson({ ...report, dryRun }) : tell(report, dryRun));
  return report.damaged > 0 ? EXIT.rejected : EXIT.ok;
}

async function tell(report: ResealReport, dryRun: boolean): Promise<void> {
  const { entries, contents, untouched, expired, damaged, foreign, revoked, unnamed, busy, bytes } = report;
  const done = `${entries} entries and ${contents} contents; ${sizeText(bytes)}`;
  await writeLine(`${dryRun ? "would seal again" : "sealed again"} ${done}`);
  const rest = `${damaged} damaged, ${foreign} of other keys, ${revoked} of revoked keys, ${unnamed} unnamed`;
  await writeLine(`${untouched} under the primary key already, ${expired} expired; left: ${rest}`);
  if (busy > 0)
    await writeLine(`${busy} are still written under the older key: run again when every writer has the new one`);
}

/** `cache reseal`. */
export const command: Command = {
  usage: "reseal [--from ID] [--dry-run]",
  summary: "Seal what older keys sealed under the primary key",
  details: `After cache keys promote, and when every reader has the new key: then older keys can be retired and removed without
losing what they sealed. Each thing is verified, sealed anew and on the medium before the older one is removed. Works beside
readers and writers; stopped or killed, it goes on when it is run again. What revoked keys sealed is refused; what is damaged
stays, and the exit code is 3. --json prints one document: entries, contents, untouched, expired, damaged, foreign, revoked,
unnamed, busy, bytes, dryRun.`,
  options: {
    from: { type: "string", value: "ID", help: "only what this key sealed, by 4 or more digits of its id" },
    "dry-run": { type: "boolean", help: "only say what would be done" },
  },
  positionals: [0, 0],
  run,
};
