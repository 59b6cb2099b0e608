import { deleteNotedVersion, notedThing, noteName, noteSize } from "../cache/catalog.ts";
import { loadEntry } from "../cache/entries.ts";
import { forEachComing } from "../cache/limited.ts";
import { needsOf } from "../cache/metadata.ts";
import { namesOf } from "../cache/names.ts";
import type { Settings } from "../cache/options.ts";
import { requireWriter } from "../cache/writing.ts";
import { isCacheError } from "../errors.ts";
import type { SealContext } from "../ports/sealer.ts";
import type { CallOptions, Listed, Name } from "../ports/store.ts";
import { MIN_GRACE } from "../units/ages.ts";
import { type Duration, parseDuration } from "../units/duration.ts";
import { counter, type MaintenanceOptions, settleMaintenance } from "./options.ts";
import { ownerOf } from "./owner.ts";
import { claimOf, scanEntry } from "./scan.ts";

export interface CollectOptions extends MaintenanceOptions {
  /**
   * How long content that no entry names is kept after it was last put: content stored by digest alone counts as such.
   * At least half an hour, so that a write under way is never undone.
   * @defaultValue "30d"
   */
  readonly keep?: Duration | undefined;
  /**
   * Only say what would go.
   * @defaultValue false
   */
  readonly dryRun?: boolean | undefined;
}

/** What a collection removed, or would. */
export interface CollectReport {
  readonly expiredEntries: number;
  readonly unreferencedBlobs: number;
  /** Notes about sealed things that are gone, and sealed entries whose notes are. */
  readonly orphaned: number;
  /** What revoked keys sealed or signed, entries and content: nobody believes it any more. */
  readonly revoked: number;
  /** Stored bytes given back. */
  readonly bytes: number;
}

/** Things that are looked at beside each other: over a network most of the time is waiting. */
const AT_ONCE = 16;

interface Collection {
  readonly settings: Settings;
  readonly keep: number;
  readonly dryRun: boolean;
  readonly call: CallOptions;
  /** What would have gone by now, in a dry run. */
  readonly gone: Set<Name>;
  /** Names of content that entries claim. */
  readonly marked: Set<Name>;
  readonly report: { -readonly [field in keyof CollectReport]: number };
}

/**
 * Removes expired entries, then content that no entry claims or needs and that is old enough. Safe beside writers: a writer puts
 * old content again instead of relying on it, and nothing is removed whose version changed since it was judged. Entries
 * that cannot be verified still keep what they claim and need. What revoked keys wrote goes when it is old enough; what unknown
 * keys wrote stays.
 * @throws TypeError for a `keep` below half an hour
 * @throws CacheError `ERR_CACHE_READ_ONLY` with a signer that only verifies, but for a dry run
 */
export async function collectGarbage(options: CollectOptions): Promise<CollectReport> {
  const keep = parseDuration(options.keep ?? "30d");
  if (keep < MIN_GRACE) throw new TypeError("keep is at least half an hour, so that writes under way are not undone");
  const collection: Collection = {
    settings: settleMaintenance(options),
    keep,
    dryRun: options.dryRun ?? false,
    call: { signal: options.signal },
    gone: new Set(),
    marked: new Set(),
    report: { expiredEntries: 0, unreferencedBlobs: 0, orphaned: 0, revoked: 0, bytes: 0 },
  };
  if (!collection.dryRun) requireWriter(collection.settings);
  await markEntries(collection, options);
  await sweepBlobs(collection, options);
  if (collection.settings.seal !== undefined) await sweepNotes(collection, options);
  return collection.report;
}

/** Removes what expired and what has lost its note long ago, and marks what the rest claims. */
async function markEntries(collection: Collection, options: MaintenanceOptions): Promise<void> {
  const { settings, call } = collection;
  const count = counter("entries", options);
  await forEachComing(settings.store.list("entries", call), AT_ONCE, async (listed) => {
    count(listed.size);
    const { entry } = await scanEntry(settings, listed, call);
    if (entry === undefined) {
      if (settings.seal !== undefined && isOld(collection, listed)) await remove(collection, listed, "orphaned");
      return;
    }
    const context: SealContext = { kind: "entries", ...entry };
    if (!(await removeRefused(collection, listed, context))) await mark(collection, listed, context);
  });
}

async function mark({ settings, call, marked }: Collection, listed: Listed, context: SealContext): Promise<void> {
  const { namespace } = context;
  const claim = await claimOf(settings, listed, context, call);
  if (claim === undefined) return;
  for (const digest of [claim.digest, ...needsOf(claim)]) {
    for (const name of namesOf(settings, { namespace, kind: "blobs", key: digest })) marked.add(name);
  }
}

/** Removes what expired, or is old and signed with a revoked key. A forged expiry has no proof and removes nothing. */
async function removeRefused(collection: Collection, listed: Listed, context: SealContext): Promise<boolean> {
  const { settings, call } = collection;
  const stat = await settings.store.stat(listed.name, call);
  if (stat === undefined) return false;
  try {
    await loadEntry({ ...settings, namespace: context.namespace }, listed.name, context.key, call);
    return false;
  } catch (error) {
    if (!isCacheError(error) || error.code === "ERR_CACHE_STORE") throw error;
    if (error.code === "ERR_CACHE_EXPIRED") return drop(collection, listed, stat.version, "expiredEntries", context);
    if (error.code !== "ERR_CACHE_REVOKED_KEY" || !isOld(collection, stat)) return false;
  }
  return drop(collection, listed, stat.version, "revoked", context);
}

async function sweepBlobs(collection: Collection, options: MaintenanceOptions): Promise<void> {
  const { settings, call, marked } = collection;
  const count = counter("blobs", options);
  await forEachComing(settings.store.list("blobs", call), AT_ONCE, async (listed) => {
    count(listed.size);
    if (!marked.has(listed.name) && isOld(collection, listed)) await remove(collection, listed, "unreferencedBlobs");
  });
}

/** Removes old notes of things that are gone. Whoever stores such a thing again leaves a new note instead of an old one. */
async function sweepNotes(collection: Collection, options: MaintenanceOptions): Promise<void> {
  const { settings, gone, call } = collection;
  const count = counter("notes", options);
  await forEachComing(settings.store.list("notes", call), AT_ONCE, async (listed) => {
    count(listed.size);
    if (gone.has(listed.name) || !isOld(collection, listed)) return;
    const thing = await notedThing(settings, listed.name, call);
    if (thing === undefined || gone.has(thing)) await remove(collection, listed, "orphaned");
  });
}

const isOld = ({ settings, keep }: Collection, { modified }: { readonly modified: number }): boolean =>
  settings.now() - modified >= keep;

/** What a removal counts as. */
type Removal = Exclude<keyof CollectReport, "bytes">;

/** Removes a thing that is ours, or a revoked key's, and still old; a put since it was listed made it young. */
async function remove(collection: Collection, listed: Listed, as: Removal): Promise<boolean> {
  const { settings, call } = collection;
  const stat = await settings.store.stat(listed.name, call);
  if (stat === undefined || !isOld(collection, stat)) return false;
  const owner = await ownerOf(settings, listed.name, call);
  if (owner === undefined || owner === "foreign") return false;
  return drop(collection, listed, stat.version, owner === "revoked" ? owner : as);
}

/** @param context - of a thing that may have a note, which goes with it */
async function drop(
  { settings, call, dryRun, gone, report }: Collection,
  { name, size }: Listed,
  version: string,
  as: Removal,
  context?: SealContext,
): Promise<true> {
  const noted = context !== undefined && settings.seal !== undefined;
  if (noted) report.bytes += await noteSize(settings, name, call);
  if (dryRun) for (const each of noted ? [name, noteName(name)] : [name]) gone.add(each);
  else if (noted) await deleteNotedVersion(settings, name, context, version, call);
  else await settings.store.delete(name, { ...call, ifVersion: version });
  report.bytes += size;
  report[as] += 1;
  return true;
}
