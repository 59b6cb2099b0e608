import { nameBytes, notedNames, notedThing, readNote } from "../cache/catalog.ts";
import { loadEntry } from "../cache/entries.ts";
import type { Settings } from "../cache/options.ts";
import { setAside } from "../cache/set-aside.ts";
import { refusalOf } from "../cache/verdicts.ts";
import { formOf } from "../content/content.ts";
import { CacheError } from "../errors.ts";
import type { CallOptions, Listed, Name } from "../ports/store.ts";
import { hasNeeded } from "./needed-content.ts";
import { counter, type MaintenanceOptions, settleMaintenance } from "./options.ts";
import { FOREIGN_CODE, ownerOf } from "./owner.ts";
import { scanEntries, scanEntry } from "./scan.ts";
import { type Elsewhere, Tally, type VerifyReport } from "./tally.ts";

/** One run of verification. */
interface Verification {
  readonly settings: Settings;
  readonly tally: Tally;
  /** Our own things that no note was read of. */
  readonly unnoted: Set<Name>;
  /** Names of content that an entry claims and that was found sound. */
  readonly claimed: Set<Name>;
  /** When it began: what was put since may belong to an entry that was put since. */
  readonly began: number;
  readonly call: CallOptions;
}

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
    began: settings.now(),
    call: { signal: options.signal },
  };
  await verifyEntries(verification, counter("entries", options));
  await verifyBlobs(verification, counter("blobs", options));
  await verifyNotes(verification, counter("notes", options));
  return verification.tally.report();
}

async function verifyEntries(verification: Verification, count: (bytes: number) => void): Promise<void> {
  const { settings, tally, claimed, call } = verification;
  for await (const { listed, entry, refusal } of scanEntries(settings, call)) {
    const { name, size } = listed;
    tally.bytes += size;
    count(size);
    if (entry !== undefined) {
      const at = { ...settings, namespace: entry.namespace };
      await tally.check(at, name, () => entryHolds(at, listed, entry.key, claimed, call), call);
    } else if (refusal !== undefined) await tally.check(settings, name, () => reparse(settings, listed, call), call);
    else if (await belongsHere(verification, name)) {
      verification.unnoted.add(name);
      tally.orphaned();
    }
  }
}

/** Whether a thing is ours to judge; what is not is counted. */
async function belongsHere({ settings, tally, call }: Verification, name: Name): Promise<boolean> {
  const owner = await ownerOf(settings, name, call);
  if (owner !== undefined && owner !== "ours") tally.foreign(name, FOREIGN_CODE[owner]);
  return owner === "ours";
}

/** A second look at what was no record: the very error, unless a put has healed it. */
async function reparse(settings: Settings, listed: Listed, options: CallOptions): Promise<"ok"> {
  const { refusal } = await scanEntry(settings, listed, options);
  if (refusal !== undefined) throw refusal;
  return "ok";
}

/**
 * A sealed entry's content has no note of its own, so it is verified here, once however many entries name it. Unsealed
 * content is verified where it is listed; here it only has to be there.
 */
async function entryHolds(
  settings: Settings,
  listed: Listed,
  key: Uint8Array,
  claimed: Set<Name>,
  options: CallOptions,
): Promise<"ok" | "missing" | Elsewhere | undefined> {
  const record = await loadEntry(settings, listed.name, key, options);
  if (record === undefined) return undefined;
  if (!(await hasNeeded(settings, record.statement, options))) return "missing";
  if (record.payload !== undefined) return "ok";
  const { digest } = record.statement;
  for (const name of formOf(settings).names(digest)) {
    if (claimed.has(name)) return "ok";
    if ((await settings.store.stat(name, options)) === undefined) continue;
    const problem = settings.seal === undefined ? undefined : await contentProblem(settings, name, digest, options);
    if (problem !== undefined) return problem;
    // Only what was found sound: damaged content is looked at again for every entry that names it.
    claimed.add(name);
    return "ok";
  }
  return "missing";
}

/** What is wrong with sealed content. It is set aside where it lies; the entry that names it holds, and stays. */
async function contentProblem(
  settings: Settings,
  name: Name,
  digest: Uint8Array,
  options: CallOptions,
): Promise<Elsewhere | undefined> {
  const look = async () => readThrough(await formOf(settings).open(name, digest, options));
  try {
    await look();
    return undefined;
  } catch (error) {
    const refusal = refusalOf(error);
    const healed = await setAside(settings, name, refusal, look, options);
    return healed === undefined ? { name, refusal } : undefined;
  }
}

/** Reads content to its end; that is the verification. */
async function readThrough(pieces: AsyncIterable<Uint8Array> | undefined): Promise<"ok" | undefined> {
  if (pieces === undefined) return undefined;
  for await (const _ of pieces);
  return "ok";
}

async function verifyBlobs(verification: Verification, count: (bytes: number) => void): Promise<void> {
  const { settings, tally, claimed, began, call } = verification;
  for await (const { name, size, modified } of settings.store.list("blobs", call)) {
    tally.bytes += size;
    count(size);
    const found = await contentAt(settings, name, call);
    // A note says that it is ours, even if its first bytes say otherwise by now.
    const noted = settings.seal !== undefined && found !== undefined;
    if (!noted && !(await belongsHere(verification, name))) continue;
    if (found === undefined) {
      verification.unnoted.add(name);
      // The content of a sealed entry has no note, and was verified with the entry.
      if (!claimed.has(name) && !tally.wasRefused(name) && modified < began) tally.orphaned();
      continue;
    }
    const at = { ...settings, namespace: found.namespace };
    const look = async () => readThrough(await formOf(at).open(name, found.digest, call));
    await tally.check(at, name, look, call);
  }
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
  for await (const { name, size } of store.list("notes", call)) {
    tally.bytes += size;
    count(size);
    const thing = await notedThing(settings, name, call);
    if (thing === undefined) {
      const refused = notedNames(name).some((each) => tally.wasRefused(each));
      if (!refused && (await ownerOf(settings, name, call)) === "ours") tally.orphaned();
    } else if (unnoted.has(thing)) {
      await tally.check(settings, name, async () => noteHolds(await readNote({ store, seal }, thing, call)), call);
    }
  }
}

function noteHolds(note: unknown): undefined {
  if (note === undefined) throw new CacheError("ERR_CACHE_AUTH", "the note about a sealed thing does not hold");
}
