import { nameBytes, notedNames, notedThing, readNote } from "../cache/catalog.ts";
import { forEachComing } from "../cache/limited.ts";
import type { Settings } from "../cache/options.ts";
import { formOf } from "../content/content.ts";
import { CacheError } from "../errors.ts";
import type { CallOptions, Listed, Name } from "../ports/store.ts";
import { NameLocks } from "../wrappers/name-locks.ts";
import { counter, type MaintenanceOptions, settleMaintenance } from "./options.ts";
import { ownerOf } from "./owner.ts";
import { scanEntry } from "./scan.ts";
import { Tally, type VerifyReport } from "./tally.ts";
import { belongsHere, readThrough, type Verification, verifyEntry } from "./verify-entry.ts";

/** Things that are looked at beside each other: over a network most of the time is waiting. */
const AT_ONCE = 16;

/**
 * Reads everything and verifies it as a read would, beside writers and readers. Damage is set aside, so that the next
 * put heals it; what other keys wrote is counted and left.
 */
export async function verifyStore(options: MaintenanceOptions): Promise<VerifyReport> {
  const settings = settleMaintenance(options);
  const sets = { unnoted: new Set<Name>(), claimed: new Set<Name>() };
  const verification = {
    settings,
    tally: new Tally(),
    ...sets,
    locks: new NameLocks(),
    began: settings.now(),
    call: { signal: options.signal },
  };
  await verifyEntries(verification, counter("entries", options));
  await verifyBlobs(verification, counter("blobs", options));
  await verifyNotes(verification, counter("notes", options));
  return verification.tally.report();
}

async function verifyEntries(verification: Verification, count: (bytes: number) => void): Promise<void> {
  const { settings, call } = verification;
  await forEachComing(settings.store.list("entries", call), AT_ONCE, async (listed) => {
    verification.tally.bytes += listed.size;
    count(listed.size);
    await verifyEntry(verification, await scanEntry(settings, listed, call));
  });
}

async function verifyBlobs(verification: Verification, count: (bytes: number) => void): Promise<void> {
  const { settings, call } = verification;
  await forEachComing(settings.store.list("blobs", call), AT_ONCE, async (listed) => {
    verification.tally.bytes += listed.size;
    count(listed.size);
    await verifyBlob(verification, listed);
  });
}

async function verifyBlob(verification: Verification, { name, modified }: Listed): Promise<void> {
  const { settings, tally, claimed, began, call } = verification;
  const found = await contentAt(settings, name, call);
  // A note says that it is ours, even if its first bytes say otherwise by now.
  const noted = settings.seal !== undefined && found !== undefined;
  if (!noted && !(await belongsHere(verification, name))) return;
  if (found === undefined) {
    verification.unnoted.add(name);
    // The content of a sealed entry has no note, and was verified with the entry.
    if (!claimed.has(name) && !tally.wasRefused(name) && modified < began) tally.orphaned();
    return;
  }
  const at = { ...settings, namespace: found.namespace };
  const look = async () => readThrough(await formOf(at).open(name, found.digest, call));
  await tally.check(at, name, look, call);
}

interface FoundContent {
  readonly namespace: string;
  readonly digest: Uint8Array;
}

/** What content should be: unsealed content is named by its digest, sealed content by its note. */
async function contentAt(
  { store, seal, namespace }: Settings,
  name: Name,
  call: CallOptions,
): Promise<FoundContent | undefined> {
  if (seal === undefined) return { namespace, digest: nameBytes(name) };
  const context = await readNote({ store, seal }, name, call);
  return context?.kind === "blobs" ? { namespace: context.namespace, digest: context.key } : undefined;
}

/** Notes are no things of their own: they count when they are damaged, or when what they are about is gone. */
async function verifyNotes(verification: Verification, count: (bytes: number) => void): Promise<void> {
  const { settings, tally, unnoted, call } = verification;
  const { store, seal } = settings;
  if (seal === undefined) return;
  await forEachComing(store.list("notes", call), AT_ONCE, async ({ name, size }) => {
    tally.bytes += size;
    count(size);
    const thing = await notedThing(settings, name, call);
    if (thing === undefined) {
      const refused = notedNames(name).some((each) => tally.wasRefused(each));
      if (!refused && (await ownerOf(settings, name, call)) === "ours") tally.orphaned();
    } else if (unnoted.has(thing)) {
      await tally.check(settings, name, async () => noteHolds(await readNote({ store, seal }, thing, call)), call);
    }
  });
}

function noteHolds(note: unknown): undefined {
  if (note === undefined) throw new CacheError("ERR_CACHE_AUTH", "the note about a sealed thing does not hold");
}
