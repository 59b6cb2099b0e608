import { getSizedContent } from "../content/content.ts";
import { requireOpened } from "../content/sealed.ts";
import { CacheError } from "../errors.ts";
import type { SealContext } from "../ports/sealer.ts";
import type { CallOptions, Name, Store } from "../ports/store.ts";
import { proveRecord } from "../record/proof.ts";
import { matchRecord, type VerifiedRecord } from "../record/record.ts";
import { RecordKind, type Statement } from "../record/statement.ts";
import type { Address } from "./addresses.ts";
import type { KnownRecords } from "./known-records.ts";
import { namesOf, shortId } from "./names.ts";
import type { Settings } from "./options.ts";
import { setAside } from "./set-aside.ts";
import { refusalOf, tooLongIsDamage } from "./verdicts.ts";

/** Largest entry a reader takes: the largest inline payload, statement, proof and seal, with room. */
const ENTRY_LIMIT = 1_310_720;

/** The bytes of an entry as they are stored. @throws CacheError `ERR_CACHE_AUTH` for more than any entry has */
export async function storedEntry(store: Store, name: Name, options?: CallOptions): Promise<Uint8Array | undefined> {
  try {
    return await store.get(name, { signal: options?.signal, orMiss: options?.orMiss, limit: ENTRY_LIMIT });
  } catch (error) {
    return tooLongIsDamage("the entry")(error);
  }
}

/** A record as an entry has it. */
export interface LoadedRecord extends VerifiedRecord {
  /** The record that verified, unsealed. */
  readonly encoded: Uint8Array;
  /** Id of the key that sealed it, if that key is retired. */
  readonly retiredSeal?: Uint8Array | undefined;
}

/** What reading an entry can answer. `bytes` is the verified, still encoded value. */
export type EntryAnswer =
  | { readonly state: "hit"; readonly name: Name; readonly record: LoadedRecord; readonly bytes: Uint8Array }
  | { readonly state: "miss"; readonly name: Name }
  | { readonly state: "expired"; readonly name: Name }
  | { readonly state: "rejected"; readonly name: Name; readonly refusal: CacheError };

/** How a record is come by. */
export interface Loading extends CallOptions {
  /** Proofs in it are not verified again; left out, where nothing but a proof will do. */
  readonly known?: KnownRecords | undefined;
  /** The bytes as they are stored, by whoever has just read them. */
  readonly stored?: Uint8Array | undefined;
}

/** A record under one name, unsealed and verified. `undefined` when absent. */
export async function loadRecord(
  settings: Settings,
  name: Name,
  context: SealContext,
  loading?: Loading,
): Promise<LoadedRecord | undefined> {
  const { seal, sign, rollback, now, late } = settings;
  // First, so that the time is remembered also when there is nothing, or nothing that is still valid.
  const clockIsBehind = rollback !== undefined && (await rollback.isClockBehind(now()));
  const stored = loading?.stored ?? (await storedEntry(settings.store, name, loading));
  if (stored === undefined) return undefined;
  const known = loading?.known;
  const opened = seal && requireOpened(seal.open(context, stored));
  const encoded = opened === undefined ? stored : opened.content;
  const recalled = known?.recall(name, encoded, sign);
  const proven = recalled ?? (await proveRecord(encoded, sign));
  const verified = matchRecord(proven, encoded, { namespace: context.namespace, key: context.key, now: now(), late });
  if (recalled === undefined) known?.remember(name, proven);
  if (verified.statement.kind !== RecordKind.entry) {
    throw new CacheError("ERR_CACHE_AUTH", "the record is signed as something other than an entry");
  }
  if (rollback !== undefined) await rollback.check(context, verified.statement, now());
  if (clockIsBehind && verified.statement.expires !== 0) throw unknownTime(settings, name);
  const { statement, payload, algorithm, keyId, retired } = verified;
  const retiredSeal = opened?.retired ? opened.keyId : undefined;
  // Field by field, since this is on the way of every read and a spread is slow.
  return { statement, payload, algorithm, keyId, retired, encoded, retiredSeal };
}

/** For an entry that expires, while the clock is behind: it may have expired long ago. */
function unknownTime({ namespace, emit, now }: Settings, name: Name): CacheError {
  const event = { namespace, plane: "entries", id: shortId(name), time: now() } as const;
  emit({ type: "clock-behind", level: "warning", code: "ERR_CACHE_EXPIRED", ...event });
  return new CacheError("ERR_CACHE_EXPIRED", "it expires, and the clock is behind a time that was seen");
}

/**
 * A stored entry by its stored name and the key it is said to have, verified as a read would.
 * @throws CacheError the refusal; `ERR_CACHE_AUTH` also when that key does not belong under that name
 */
export async function loadEntry(
  settings: Settings,
  name: Name,
  key: Uint8Array,
  loading?: Omit<Loading, "known">,
): Promise<LoadedRecord | undefined> {
  const context: SealContext = { namespace: settings.namespace, kind: "entries", key };
  if (!namesOf(settings, context).includes(name)) {
    throw new CacheError("ERR_CACHE_AUTH", "the entry lies under the name of another");
  }
  return loadRecord(settings, name, context, loading);
}

const refused = (name: Name, refusal: CacheError): EntryAnswer =>
  refusal.code === "ERR_CACHE_EXPIRED" ? { state: "expired", name } : { state: "rejected", name, refusal };

async function answerUnder(
  settings: Settings,
  name: Name,
  context: SealContext,
  options?: CallOptions,
): Promise<EntryAnswer> {
  let record: LoadedRecord | undefined;
  try {
    const { known } = settings;
    record = await loadRecord(settings, name, context, { signal: options?.signal, orMiss: options?.orMiss, known });
  } catch (error) {
    const refusal = refusalOf(error);
    // Damaged bytes are set aside unless a second look finds them healed.
    record = await setAside(settings, name, refusal, () => loadRecord(settings, name, context, options), options);
    if (record === undefined) return refused(name, refusal);
  }
  if (record === undefined) return { state: "miss", name };
  if (record.payload !== undefined) return { state: "hit", name, record, bytes: record.payload };
  try {
    const bytes = await payloadOf(settings, record.statement, options);
    return bytes === undefined ? { state: "miss", name } : { state: "hit", name, record, bytes };
  } catch (error) {
    return refused(name, refusalOf(error));
  }
}

function payloadOf(
  settings: Settings,
  { digest, size }: Statement,
  options?: CallOptions,
): Promise<Uint8Array | undefined> {
  if (size > settings.maxBufferedBytes) {
    throw new CacheError("ERR_CACHE_LIMIT", "the value is larger than maxBufferedBytes of this cache");
  }
  return getSizedContent(settings, digest, size, options);
}

const WEIGHT = { hit: 3, rejected: 2, expired: 1, miss: 0 } as const;

/** The entry under any of its names; where none is a hit, the answer that says most. */
export function readEntry(settings: Settings, address: Address, options?: CallOptions): Promise<EntryAnswer> {
  const names = namesOf(settings, address);
  const answer = answerUnder(settings, names[0], address, options);
  if (names.length === 1) return answer;
  return answer.then((newest) => olderEntry(settings, newest, names.slice(1), address, options));
}

async function olderEntry(
  settings: Settings,
  newest: EntryAnswer,
  names: readonly Name[],
  address: Address,
  options?: CallOptions,
): Promise<EntryAnswer> {
  let answer = newest;
  for (const name of names) {
    if (answer.state === "hit") break;
    const next = await answerUnder(settings, name, address, options);
    if (WEIGHT[next.state] > WEIGHT[answer.state]) answer = next;
  }
  return answer;
}
