import { notedThing } from "../cache/catalog.ts";
import { forEachComing } from "../cache/limited.ts";
import { requireWriter } from "../cache/writing.ts";
import { MIN_GRACE } from "../units/ages.ts";
import { type Duration, parseDuration } from "../units/duration.ts";
import { markEntries } from "./collect-entries.ts";
import { AT_ONCE, type Collection, type CollectReport, isOld, remove } from "./collection.ts";
import { counter, type MaintenanceOptions, settleMaintenance } from "./options.ts";

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
