import { drain } from "../../cache/blob-reads.ts";
import { deleteNotedVersion, leaveNote, readNote } from "../../cache/catalog.ts";
import { formOf, putContentStream } from "../../content/content.ts";
import type { ContentForm } from "../../content/form.ts";
import { isCacheError } from "../../errors.ts";
import type { SealContext } from "../../ports/sealer.ts";
import type { Name } from "../../ports/store.ts";
import { isYoung } from "../../units/ages.ts";
import type { ResealJob } from "./job.ts";

/**
 * Seals one content again, from wherever an older key has left it, and removes what lay there.
 *
 * What other entries name it by does not change: its digest. Readers look under the primary's name first, so they find it
 * at every moment.
 * @throws CacheError when what lies there does not hold
 */
export async function resealContent(job: ResealJob, namespace: string, digest: Uint8Array): Promise<void> {
  const form = formOf({ ...job.settings, namespace });
  const [, ...older] = form.names(digest);
  for (const name of older) {
    if ((await job.standing(name)) === "older")
      await move(job, form, { name, context: { namespace, kind: "blobs", key: digest } });
  }
}

/** Content under an older key. */
interface Older {
  readonly name: Name;
  readonly context: SealContext;
}

async function move(job: ResealJob, form: ContentForm, older: Older): Promise<void> {
  const { settings, call, report } = job;
  const seen = await settings.store.stat(older.name, call);
  if (seen === undefined) return;
  if (job.dryRun) {
    if (!(await look(job, form, older))) return;
    job.gone.add(older.name);
  } else {
    const name = await copy(job, form, older);
    // The same name: the older key became the primary again meanwhile, and this is the only copy.
    if (name === undefined || name === older.name) return;
    await removeOlder(job, older, name, seen.version);
  }
  report.contents += 1;
  report.bytes += seen.size;
}

/** @returns false when it is gone */
async function look({ call }: ResealJob, form: ContentForm, { name, context }: Older): Promise<boolean> {
  const pieces = await form.open(name, context.key, call);
  return pieces !== undefined && (await drain(pieces));
}

/**
 * Verifies as it copies: a stream whose end does not hold is not stored.
 * @returns where a copy lies that the primary key sealed; `undefined` when there is none to make one of
 */
async function copy(job: ResealJob, form: ContentForm, { name, context }: Older): Promise<Name | undefined> {
  const { settings, call } = job;
  const there = await findHeld(job, form, context.key);
  if (there !== undefined) return there;
  const pieces = await form.open(name, context.key, call);
  if (pieces === undefined) return undefined;
  return (await putContentStream({ ...settings, namespace: context.namespace }, pieces, call)).name;
}

/** Removes what was moved, now that it is no longer the only copy that is known to hold. Its note, if it has one, moves too. */
async function removeOlder(
  { settings, call }: ResealJob,
  { name, context }: Older,
  to: Name,
  version: string,
): Promise<void> {
  const noted = (await readNote(settings, name, call)) !== undefined;
  if (noted) await leaveNote(settings, to, context, call);
  await deleteNotedVersion(settings, name, context, version, call);
}

/**
 * Puts the content of an entry that is about to move anew when it lies under the primary key for long: a collector that sees the
 * entry neither where it was nor where it will be takes no young content.
 */
export async function refreshContent(job: ResealJob, namespace: string, digest: Uint8Array): Promise<void> {
  const { settings, call } = job;
  const form = formOf({ ...settings, namespace });
  const [name] = form.names(digest);
  const stat = await settings.store.stat(name, call);
  if (stat === undefined || isYoung(stat.modified, settings.now())) return;
  const pieces = await form.open(name, digest, call);
  if (pieces !== undefined) await putContentStream({ ...settings, namespace }, pieces, call);
}

/** Where the content lies under the primary key already, from an earlier run or by another writer, and not for long. */
async function findHeld(
  { settings, call }: ResealJob,
  form: ContentForm,
  digest: Uint8Array,
): Promise<Name | undefined> {
  const [name] = form.names(digest);
  try {
    const stat = await settings.store.stat(name, call);
    if (stat === undefined || !isYoung(stat.modified, settings.now())) return undefined;
    const pieces = await form.open(name, digest, call);
    return pieces !== undefined && (await drain(pieces)) ? name : undefined;
  } catch (error) {
    // Damaged: it is written again, from what holds.
    if (isCacheError(error, "ERR_CACHE_AUTH") || isCacheError(error, "ERR_CACHE_FORMAT")) return undefined;
    throw error;
  }
}
