import { collectGarbage } from "@cache/core/maintenance";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { writeJson, writeLine } from "../output.ts";
import { watched } from "../progress.ts";
import { openSession } from "../session.ts";
import { sizeText } from "../units.ts";

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const { store, protection } = await openSession(invocation);
  const { seal, sign } = protection;
  const keep = given.text("keep");
  const dryRun = given.flag("dry-run");
  const collected = await watched("collecting", (onProgress) =>
    collectGarbage({ store, seal, sign, keep, dryRun, onProgress }),
  );
  const quarantine = given.flag("purge-quarantine") && !dryRun ? await store.maintenance.purgeQuarantine() : undefined;
  const leftOver = dryRun ? undefined : await store.maintenance.sweepTemporary();
  if (given.flag("json")) {
    await writeJson({ ...collected, dryRun, leftOver, quarantine });
    return EXIT.ok;
  }
  const { expiredEntries, unreferencedBlobs, orphaned, revoked, bytes } = collected;
  const what = `${expiredEntries} expired entries, ${unreferencedBlobs} unused contents, ${orphaned} orphaned notes`;
  await writeLine(`${dryRun ? "would remove" : "removed"} ${what}, ${revoked} of revoked keys; ${sizeText(bytes)}`);
  if (quarantine !== undefined)
    await writeLine(`removed ${quarantine.count} quarantined files; ${sizeText(quarantine.bytes)}`);
  return EXIT.ok;
}

/** `cache gc`. */
export const command: Command = {
  usage: "gc [--keep 30d] [--dry-run]",
  summary: "Remove what expired, and content that no key names",
  details: `Content stored with put is named by no key: it goes when it was last put longer ago than --keep (at least 30m).
So does what revoked keys wrote, and what interrupted writers left behind. --json prints one document: expiredEntries,
unreferencedBlobs, orphaned, revoked, bytes, dryRun, leftOver, quarantine.`,
  options: {
    keep: { type: "string", value: "TIME", help: "how long unused content stays; 30d unless given" },
    "dry-run": { type: "boolean", help: "only say what would go" },
    "purge-quarantine": { type: "boolean", help: "remove damaged files that were set aside, too" },
  },
  positionals: [0, 0],
  run,
};
