import { crypto } from "#platform";
import { putContent } from "../content/content.ts";
import type { SealContext } from "../ports/sealer.ts";
import type { Signer } from "../ports/signer.ts";
import type { CallOptions, Name } from "../ports/store.ts";
import { integrityOnly } from "../record/integrity.ts";
import { encodeRecord } from "../record/record.ts";
import { RecordKind, type Statement } from "../record/statement.ts";
import type { Address } from "./addresses.ts";
import { deleteAllNoted, leaveNote } from "./catalog.ts";
import { loadRecord } from "./entries.ts";
import { isForeign } from "./foreign.ts";
import { namesOf, type Placed, sealAndName } from "./names.ts";
import type { Settings } from "./options.ts";
import { isDamage, refusalOf } from "./verdicts.ts";

/** What a write states besides key and bytes. `expires` in milliseconds since 1970 UTC, 0 for never. */
export interface EntryFacts {
  readonly created: number;
  readonly expires: number;
  /** Milliseconds for which some readers take it past its expiry; the store is asked to keep it so long. */
  readonly late?: number | undefined;
  readonly metadata: Uint8Array;
}

/**
 * Readers who remember what they saw refuse an entry when another writer was first with its sequence, or past it; so it is
 * written again, after a pause of random length that doubles, so that writers who met part. Those that keep meeting give
 * way in the end: the entry is then a miss, and never a wrong value.
 */
const MOST_ATTEMPTS = 8;

/** Writes an entry: content first, so that a crash leaves at most content nobody names. @returns its name */
export async function writeEntry(
  settings: Settings,
  context: Address,
  bytes: Uint8Array,
  facts: EntryFacts,
  options?: CallOptions,
): Promise<Name> {
  const { store } = settings;
  const keepUntil = facts.expires === 0 ? undefined : facts.expires + (facts.late ?? 0);
  // Signed before anything is stored, so that a cache that may not write leaves nothing behind.
  let draft = await draftRecord(settings, context, bytes, facts);
  if (bytes.byteLength > settings.inlineLimit) await putContent(settings, bytes, draft.statement.digest, options);
  for (let attempt = 1; ; attempt++) {
    await store.put(draft.names[0], draft.stored, { ...options, keepUntil });
    const newest = (await settings.rollback?.wrote(context, draft.statement)) ?? true;
    if (newest || attempt === MOST_ATTEMPTS) break;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 ** attempt));
    draft = await draftRecord(settings, context, bytes, facts);
  }
  const { sequence } = draft.statement;
  const [name, ...older] = draft.names;
  for (const other of older) await dropSuperseded(settings, other, context, sequence, options);
  await leaveNote(settings, name, context, { ...options, keepUntil });
  return name;
}

/** A record as it is to be stored. */
interface Draft extends Placed {
  readonly statement: Statement;
}

/** States, signs and seals an entry under the next sequence. */
async function draftRecord(
  settings: Settings,
  context: SealContext,
  bytes: Uint8Array,
  facts: EntryFacts,
): Promise<Draft> {
  const { seal, sign, writer, inlineLimit, rollback, now } = settings;
  const sequence = rollback === undefined ? settings.nextSequence() : await rollback.next(context, now());
  const { namespace, key } = context;
  const { created, expires, metadata } = facts;
  const [kind, size, digest] = [RecordKind.entry, bytes.byteLength, crypto.sha256(bytes)];
  const statement: Statement = { kind, created, expires, sequence, size, digest, namespace, key, writer, metadata };
  const record = await signNow(statement, sign, size <= inlineLimit ? bytes : undefined);
  if (seal === undefined) return { statement, names: namesOf(settings, context), stored: record };
  return { statement, ...sealAndName(seal, context, record, { created, expires, sequence }) };
}

/**
 * A record by the key that signs when it is done. While a signer takes its time another key can become the primary, and what is
 * sealed by that one is not looked into when the older one is let go.
 */
async function signNow(statement: Statement, sign: Signer, payload: Uint8Array | undefined): Promise<Uint8Array> {
  for (;;) {
    const by = sign.identity?.keyId;
    const record = await encodeRecord(statement, sign, payload);
    const now = sign.identity?.keyId;
    if (by === undefined || now === undefined || crypto.equal(by, now)) return record;
  }
}

/**
 * Removes what an older key's name still holds, unless it was written later, by another process that has not seen the promotion yet,
 * or is this very entry: to another process, which seals everything again, that key may be the primary.
 */
async function dropSuperseded(
  settings: Settings,
  name: Name,
  context: SealContext,
  sequence: number,
  options?: CallOptions,
): Promise<void> {
  const stat = await settings.store.stat(name, options);
  if (stat === undefined) return;
  try {
    const record = await loadRecord(settings, name, context, options);
    if (record !== undefined && record.statement.sequence >= sequence) return;
  } catch (error) {
    if (!isDamage(refusalOf(error)) && refusalOf(error).code !== "ERR_CACHE_EXPIRED") return;
  }
  await settings.store.delete(name, { ...options, ifVersion: stat.version });
}

/**
 * Removes the entry under all of its names. What another key signed stays; that it was asked for is remembered all the same. A cache
 * without keys tells no writer from another, and removes what it is told to.
 * @returns its name, and whether another's entry stayed
 */
export async function deleteEntry(
  settings: Settings,
  context: Address,
  options?: CallOptions,
): Promise<{ readonly name: Name; readonly hasStayed: boolean }> {
  const names = namesOf(settings, context);
  await settings.rollback?.deletes(context, settings.now());
  const hasKeys = settings.sign !== integrityOnly || settings.seal !== undefined;
  const ours: Name[] = [];
  for (const name of names) {
    if (!(hasKeys && (await isForeign(settings, name, context.key, options)))) ours.push(name);
  }
  await deleteAllNoted(settings, ours, options);
  return { name: names[0], hasStayed: ours.length < names.length };
}
