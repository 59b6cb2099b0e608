import { readNote } from "../../cache/catalog.ts";
import { namesOf } from "../../cache/names.ts";
import type { Settings } from "../../cache/options.ts";
import { mayQuarantine, refusalOf } from "../../cache/verdicts.ts";
import { requireWriter } from "../../cache/writing.ts";
import type { SealContext } from "../../ports/sealer.ts";
import type { Kind, Listed } from "../../ports/store.ts";
import { counter, settleMaintenance } from "../options.ts";
import { resealContent } from "./content.ts";
import { resealEntry } from "./entry.ts";
import { beginReseal, type ResealJob } from "./job.ts";
import type { Outcome, ResealOptions, ResealReport } from "./report.ts";

/**
 * Seals everything under the primary key that older keys have sealed, so that those can go. Each thing is verified, sealed
 * anew with keys, salts and name of its own, stored, and only then removed from where it lay. Safe beside readers and
 * writers; it can be stopped or killed at any step and run again, and what is done already costs one short read.
 *
 * What revoked keys sealed is left: sealing it again would make a forgery good.
 * @throws TypeError when nothing is sealed here
 * @throws CacheError `ERR_CACHE_READ_ONLY` without a key to seal or sign with, `ERR_CACHE_REVOKED_KEY` when `from` is revoked
 */
export async function resealStore(options: ResealOptions): Promise<ResealReport> {
  const settings = settleMaintenance(options);
  if (!isSealed(settings)) throw new TypeError("without a sealer there is nothing to seal again");
  requireWriter(settings);
  const job = beginReseal(settings, options);
  // Entries first: with each goes the content that it names, which has no note of its own.
  for (const kind of ["entries", "blobs"] as const) await resealKind(job, kind, counter(kind, options));
  return job.report;
}

const isSealed = (settings: Settings): settings is ResealJob["settings"] => settings.seal !== undefined;

async function resealKind(
  job: ResealJob,
  kind: Extract<Kind, "entries" | "blobs">,
  count: (bytes: number) => void,
): Promise<void> {
  const { settings, call, report } = job;
  for await (const listed of settings.store.list(kind, call)) {
    count(listed.size);
    const standing = await job.standing(listed.name);
    const outcome = standing === "older" ? await resealNoted(job, listed) : standing;
    // Content is counted where it is moved, since most of it goes with an entry.
    if (outcome !== undefined && outcome !== "contents") report[outcome] += 1;
    if (outcome === "entries") report.bytes += listed.size;
  }
}

/** Moves what its note says that it is. */
async function resealNoted(job: ResealJob, { name }: Listed): Promise<Outcome | undefined> {
  const { settings, call } = job;
  const context = await readNote(settings, name, call);
  if (context === undefined) return (await settings.store.stat(name, call)) && "unnamed";
  const [written, ...older] = namesOf(settings, context);
  if (written === name || !older.includes(name)) return "damaged";
  return context.kind === "entries" ? resealEntry(job, { old: name, context }) : resealBlob(job, context);
}

/** Moves content that was stored by its digest, with its note. */
async function resealBlob(job: ResealJob, { namespace, key }: SealContext): Promise<Outcome> {
  try {
    await resealContent(job, namespace, key);
    return "contents";
  } catch (error) {
    return mayQuarantine(refusalOf(error)) ? "damaged" : "foreign";
  }
}
