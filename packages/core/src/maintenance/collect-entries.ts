import { type LoadedRecord, loadEntry } from "../cache/entries.ts";
import { forEachComing } from "../cache/limited.ts";
import { needsOf } from "../cache/metadata.ts";
import { namesOf } from "../cache/names.ts";
import { isCacheError } from "../errors.ts";
import type { SealContext } from "../ports/sealer.ts";
import type { Listed } from "../ports/store.ts";
import type { Statement } from "../record/statement.ts";
import { AT_ONCE, type Collection, drop, isOld, remove } from "./collection.ts";
import { counter, type MaintenanceOptions } from "./options.ts";
import { claimOf, scanEntry } from "./scan.ts";

/** Removes what expired and what has lost its note long ago, and marks what the rest claims. */
export async function markEntries(collection: Collection, options: MaintenanceOptions): Promise<void> {
  const { settings, call } = collection;
  const count = counter("entries", options);
  await forEachComing(settings.store.list("entries", call), AT_ONCE, async (listed) => {
    count(listed.size);
    const { entry, stored } = await scanEntry(settings, listed, call);
    if (entry === undefined) {
      if (settings.seal !== undefined && isOld(collection, listed)) await remove(collection, listed, "orphaned");
      return;
    }
    const context: SealContext = { kind: "entries", ...entry };
    const held = await kept(collection, listed, context, stored);
    if (held !== undefined) mark(collection, context.namespace, held);
  });
}

/** What an entry that stays states, verified or not; `undefined` for one that is gone, or that this removes. */
async function kept(
  collection: Collection,
  listed: Listed,
  context: SealContext,
  stored: Uint8Array | undefined,
): Promise<Statement | undefined> {
  const { settings, call } = collection;
  const judged = await judge(collection, listed, context, stored);
  if (typeof judged !== "string") return judged?.statement;
  if (await removeRefused(collection, listed, context)) return undefined;
  return claimOf(settings, listed, context, call);
}

/** An entry that holds, or what is wrong with it. A forged expiry has no proof, and so is no expiry. */
async function judge(
  { settings, call }: Collection,
  { name }: Listed,
  { namespace, key }: SealContext,
  stored?: Uint8Array,
): Promise<LoadedRecord | "expired" | "revoked" | "refused" | undefined> {
  try {
    return await loadEntry({ ...settings, namespace }, name, key, { ...call, stored });
  } catch (error) {
    if (!isCacheError(error) || error.code === "ERR_CACHE_STORE") throw error;
    if (error.code === "ERR_CACHE_EXPIRED") return "expired";
    return error.code === "ERR_CACHE_REVOKED_KEY" ? "revoked" : "refused";
  }
}

function mark({ settings, marked }: Collection, namespace: string, statement: Statement): void {
  for (const digest of [statement.digest, ...needsOf(statement)]) {
    for (const name of namesOf(settings, { namespace, kind: "blobs", key: digest })) marked.add(name);
  }
}

/**
 * Removes what expired, or is old and signed with a revoked key. It is read again, after its version was: what was judged before may
 * have been replaced since.
 */
async function removeRefused(collection: Collection, listed: Listed, context: SealContext): Promise<boolean> {
  const { settings, call } = collection;
  const stat = await settings.store.stat(listed.name, call);
  if (stat === undefined) return false;
  const judged = await judge(collection, listed, context);
  if (judged === "expired") return drop(collection, listed, stat.version, "expiredEntries", context);
  if (judged !== "revoked" || !isOld(collection, stat)) return false;
  return drop(collection, listed, stat.version, judged, context);
}
