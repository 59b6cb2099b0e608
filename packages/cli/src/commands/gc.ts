import type { Eviction, FileStore } from "@cache/cas";
import { collectGarbage } from "@cache/core/maintenance";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { writeJson, writeLine } from "../output.ts";
import { watched } from "../progress.ts";
import { mentionAbsence } from "../remarks.ts";
import { openSession } from "../session.ts";
import { sizeText } from "../units.ts";

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const { store, protection } = await openSession(invocation);
  mentionAbsence(store);
  const { seal, sign } = protection;
  const keep = given.text("keep");
  const dryRun = given.flag("dry-run");
  const collected = await watched("collecting", (onProgress) =>
    collectGarbage({ store, seal, sign, keep, dryRun, onProgress }),
  );
  const quarantine = given.flag("purge-quarantine") && !dryRun ? await store.maintenance.purgeQuarantine() : undefined;
  const leftOver = dryRun ? undefined : await store.maintenance.sweepTemporary();
  const evicted = dryRun ? undefined : await evict(store);
  if (given.flag("json")) {
    await writeJson({ ...collected, dryRun, leftOver, quarantine, evicted });
    return EXIT.ok;
  }
  const { expiredEntries, unreferencedBlobs, orphaned, revoked, bytes } = collected;
  const what = `${expiredEntries} expired entries, ${unreferencedBlobs} unused contents, ${orphaned} orphaned notes`;
  await writeLine(`${dryRun ? "would remove" : "removed"} ${what}, ${revoked} of revoked keys; ${sizeText(bytes)}`);
  if (quarantine !== undefined)
    await writeLine(`removed ${quarantine.count} quarantined files; ${sizeText(quarantine.bytes)}`);
  if (evicted !== undefined && evicted.count > 0)
    await writeLine(`removed ${evicted.count} files used least recently; ${sizeText(evicted.bytes)}`);
  return EXIT.ok;
}

/** Brings the store within its limit, if it has one. */
async function evict(store: FileStore): Promise<Pick<Eviction, "count" | "bytes">> {
  const { count, bytes, error } = await store.maintenance.evict();
  if (error !== undefined) throw error;
  return { count, bytes };
}

/** `cache gc`. */
export const command: Command = {
  usage: "gc [--keep 30d] [--max-bytes 2GB] [--purge-quarantine] [--dry-run]",
  summary: "Remove what expired, and content that no key names",
  details: `Content stored with put is named by no key: it goes when it was last put longer ago than --keep (at least 30m).
So does what revoked keys wrote, and what interrupted writers left behind. Then what was used least recently goes, until the
rest takes no more than --max-bytes. --json prints one document: expiredEntries, unreferencedBlobs, orphaned, revoked, bytes,
dryRun, leftOver, quarantine, evicted.`,
  options: {
    keep: { type: "string", value: "TIME", help: "how long unused content stays; 30d unless given" },
    "max-bytes": { type: "string", value: "SIZE", help: "most room the cache may take, such as 2GB" },
    "dry-run": { type: "boolean", help: "only say what would go" },
    "purge-quarantine": { type: "boolean", help: "remove damaged files that were set aside, too" },
  },
  positionals: [0, 0],
  run,
};
