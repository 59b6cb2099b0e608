import { crypto } from "#platform";
import { deleteNotedVersion, leaveNote, readNote } from "../../cache/catalog.ts";
import { type LoadedRecord, loadEntry } from "../../cache/entries.ts";
import { type Placed, sealAndName } from "../../cache/names.ts";
import { mayQuarantine, refusalOf } from "../../cache/verdicts.ts";
import type { SealContext } from "../../ports/sealer.ts";
import type { Name } from "../../ports/store.ts";
import { encodeRecord } from "../../record/record.ts";
import { refreshContent, resealContent } from "./content.ts";
import type { ResealJob } from "./job.ts";
import type { Outcome } from "./report.ts";

/** A writer that has not heard of the new key may put the entry again each time. */
const MOST_ATTEMPTS = 5;

/** The algorithm byte of HMAC-SHA-256 (format, "Record"). */
const HMAC_SHA_256 = 1;

/** An entry under an older key. */
interface Older {
  readonly old: Name;
  readonly context: SealContext;
}

/**
 * Moves one entry under the primary key: the same statement, sealed anew. Copy, note, and only then the removal of the old
 * bytes, by the version that was copied; so a reader finds it at every moment, and after a kill at any step the next
 * run goes on.
 * @returns what became of it; `undefined` when it is gone
 */
export async function resealEntry(job: ResealJob, older: Older): Promise<Outcome | undefined> {
  try {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const moved = await attemptMove(job, older);
      if (moved !== "met") return moved;
    }
    return "busy";
  } catch (error) {
    const refusal = refusalOf(error);
    if (mayQuarantine(refusal)) return "damaged";
    return refusal.code === "ERR_CACHE_REVOKED_KEY" ? "revoked" : "foreign";
  }
}

/** `met`: another writer was there in between. */
async function attemptMove(job: ResealJob, { old, context }: Older): Promise<Outcome | "met" | undefined> {
  const { settings, dryRun, call } = job;
  const seen = await settings.store.stat(old, call);
  if (seen === undefined) return undefined;
  const record = await loadLive(job, old, context);
  if (record === undefined) return undefined;
  if (record === "expired") {
    if (!dryRun) await deleteNotedVersion(settings, old, context, seen.version, call);
    return record;
  }
  const { digest } = record.statement;
  if (record.payload === undefined) await resealContent(job, context.namespace, digest);
  if (dryRun) return "entries";
  if (record.payload === undefined) await refreshContent(job, context.namespace, digest);
  const { names, stored } = await sealedAgain(job, context, record);
  const [name] = names;
  // The older key became the primary again meanwhile: this is the only copy.
  if (name === old) return "busy";
  const placed = await place(job, { name, context, stored, sequence: record.statement.sequence });
  if (placed === "met") return placed;
  if ((await settings.store.stat(old, call)) === undefined) {
    if (placed === "written") await withdrawDeleted(job, name, context, record);
    return undefined;
  }
  await leaveNote(settings, name, context, call);
  return (await deleteNotedVersion(settings, old, context, seen.version, call)) ? "entries" : "met";
}

/**
 * Takes back a copy of what was deleted while it was made: whoever deletes removes the older names first and the primary's last,
 * and so either removes the copy or was before it. Another one who seals again removes the older name as well, but has left a
 * note beside the copy by then.
 */
async function withdrawDeleted(
  job: ResealJob,
  name: Name,
  context: SealContext,
  { statement }: LoadedRecord,
): Promise<void> {
  const { settings, call } = job;
  if ((await readNote(settings, name, call)) !== undefined) return;
  const seen = await settings.store.stat(name, call);
  const present = seen && (await loadLive(job, name, context));
  if (seen === undefined || present === undefined || present === "expired") return;
  // A later one is of a writer who has dropped the older one.
  if (present.statement.sequence === statement.sequence)
    await settings.store.delete(name, { ...call, ifVersion: seen.version });
}

async function loadLive(
  job: ResealJob,
  name: Name,
  context: SealContext,
): Promise<LoadedRecord | "expired" | undefined> {
  try {
    return await loadEntry({ ...job.settings, namespace: context.namespace }, name, context.key, job.call);
  } catch (error) {
    if (refusalOf(error).code === "ERR_CACHE_EXPIRED") return "expired";
    throw error;
  }
}

/** An entry sealed anew. */
interface Copy {
  readonly name: Name;
  readonly context: SealContext;
  readonly stored: Uint8Array;
  readonly sequence: number;
}

/**
 * Puts the entry under its new name, where nothing later lies already.
 * @returns `met` when something earlier, or damaged, had to be removed first
 */
async function place(job: ResealJob, { name, context, stored, sequence }: Copy): Promise<"written" | "there" | "met"> {
  const { settings, call } = job;
  if ((await settings.store.put(name, stored, { ...call, ifAbsent: true })).written) return "written";
  const seen = await settings.store.stat(name, call);
  if (seen === undefined) return "met";
  if (await isLater(job, name, context, sequence)) return "there";
  // Readers find the older name meanwhile, where the later entry is.
  await settings.store.delete(name, { ...call, ifVersion: seen.version });
  return "met";
}

/** Whether what lies there holds and is no earlier. */
async function isLater(job: ResealJob, name: Name, context: SealContext, sequence: number): Promise<boolean> {
  try {
    const record = await loadLive(job, name, context);
    return record !== undefined && record !== "expired" && record.statement.sequence >= sequence;
  } catch (error) {
    if (mayQuarantine(refusalOf(error))) return false;
    throw error;
  }
}

async function sealedAgain(job: ResealJob, context: SealContext, record: LoadedRecord): Promise<Placed> {
  const { created, expires, sequence } = record.statement;
  const signed = await signedAgain(job, record);
  return sealAndName(job.settings.seal, context, signed, { created, expires, sequence });
}

/**
 * The record as it was signed. Only a signature that every holder of the keys could have made is made again, so that the
 * older key can go; an Ed25519 signature says who wrote, and nobody else can say that.
 */
async function signedAgain({ settings: { sign } }: ResealJob, record: LoadedRecord): Promise<Uint8Array> {
  const { identity } = sign;
  const shared = record.algorithm === HMAC_SHA_256 && identity?.algorithm === HMAC_SHA_256;
  if (!shared || crypto.equal(identity.keyId, record.keyId)) return record.encoded;
  return encodeRecord(record.statement, sign, record.payload);
}
