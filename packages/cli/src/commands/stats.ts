import { type StoreStats, storeStats } from "@cache/core/maintenance";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { printable, writeJson, writeLine } from "../output.ts";
import { mentionAbsence } from "../remarks.ts";
import { openSession } from "../session.ts";
import { sizeText, timeText } from "../units.ts";

function row(what: string, { count, bytes, oldest, newest }: StoreStats["entries"]): string {
  const ages = oldest === undefined || newest === undefined ? "" : `, ${timeText(oldest)} to ${timeText(newest)}`;
  return `${what.padEnd(12)}${count}, ${sizeText(bytes)}${ages}`;
}

async function run(invocation: Invocation): Promise<number> {
  const { store, protection } = await openSession(invocation);
  mentionAbsence(store);
  const stats = await storeStats({ store });
  const quarantined = { count: 0, bytes: 0 };
  for await (const { size } of store.maintenance.quarantined()) {
    quarantined.count += 1;
    quarantined.bytes += size;
  }
  if (invocation.given.flag("json")) {
    await writeJson({ directory: store.directory, protection: protection.described, ...stats, quarantined });
    return EXIT.ok;
  }
  await writeLine(`directory   ${printable(store.directory)}`);
  await writeLine(`protection  ${protection.described}`);
  await writeLine(row("entries", stats.entries));
  await writeLine(row("contents", stats.blobs));
  if (stats.notes.count > 0) await writeLine(row("notes", stats.notes));
  await writeLine(row("quarantine", quarantined));
  return EXIT.ok;
}

/** `cache stats`. */
export const command: Command = {
  usage: "stats",
  summary: "Say how much is stored",
  details: `Counts stored files without reading them. A sealed cache keeps a small note about each thing.
--json prints one document: directory, protection, entries, blobs, notes, quarantined.`,
  positionals: [0, 0],
  run,
};
