import { deleteNotedVersion, noteName, noteSize } from "../cache/catalog.ts";
import type { Settings } from "../cache/options.ts";
import type { SealContext } from "../ports/sealer.ts";
import type { CallOptions, Listed, Name } from "../ports/store.ts";
import { ownerOf } from "./owner.ts";

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
export const AT_ONCE = 16;

/** One run. */
export interface Collection {
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

export const isOld = ({ settings, keep }: Collection, { modified }: { readonly modified: number }): boolean =>
  settings.now() - modified >= keep;

/** What a removal counts as. */
type Removal = Exclude<keyof CollectReport, "bytes">;

/** Removes a thing that is ours, or a revoked key's, and still old; a put since it was listed made it young. */
export async function remove(collection: Collection, listed: Listed, as: Removal): Promise<boolean> {
  const { settings, call } = collection;
  const stat = await settings.store.stat(listed.name, call);
  if (stat === undefined || !isOld(collection, stat)) return false;
  const owner = await ownerOf(settings, listed.name, call);
  if (owner === undefined || owner === "foreign") return false;
  return drop(collection, listed, stat.version, owner === "revoked" ? owner : as);
}

/** @param context - of a thing that may have a note, which goes with it */
export async function drop(
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
