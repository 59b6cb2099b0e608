import { toHex } from "../bytes/hex.ts";
import { bytesCodec } from "../codecs/bytes.ts";
import { validate } from "../codecs/schema.ts";
import { CacheError, type CacheErrorCode } from "../errors.ts";
import type { CallOptions } from "../ports/store.ts";
import { INTEGRITY_ONLY } from "../record/integrity.ts";
import type { Address } from "./addresses.ts";
import { type EntryAnswer, readEntry } from "./entries.ts";
import type { CacheEvent } from "./events.ts";
import type { Found } from "./found.ts";
import { decodeMetadata } from "./metadata.ts";
import { shortId } from "./names.ts";
import type { Settings } from "./options.ts";
import { isDamage, levelOf, refusalOf } from "./verdicts.ts";

/** Everything a cache knows about a key. */
export type Lookup<V> =
  | (Found & { readonly state: "hit"; readonly value: V })
  | { readonly state: "miss" }
  | { readonly state: "expired" }
  | { readonly state: "rejected"; readonly code: CacheErrorCode; readonly error: CacheError };

type Hit = Extract<EntryAnswer, { state: "hit" }>;

/** A name that was verified with the rest, as a message may show it: without keys anybody could have chosen it. */
const shown = (name: string): string => (/^[\x21-\x7e]{1,64}$/.test(name) ? `"${name}"` : "another codec");

function otherCodec(written: string, own: string): CacheError {
  const command = [written, own].includes(bytesCodec.name)
    ? "; the command cache writes and reads with bytesCodec"
    : "";
  return new CacheError(
    "ERR_CACHE_CODEC",
    `the entry was written by ${shown(written)}, and this cache has the codec "${own}"${command}`,
  );
}

function decode<V>({ codec, schema }: Settings<V>, { record, bytes }: Hit): V | Promise<V> {
  const { codec: written } = decodeMetadata(record.statement);
  if (written !== codec.name) throw otherCodec(written, codec.name);
  let value: V;
  try {
    value = codec.decode(bytes);
  } catch (cause) {
    throw new CacheError("ERR_CACHE_CODEC", "the codec cannot decode the verified bytes", { cause });
  }
  return schema === undefined ? value : validate(schema, value);
}

function factsOf(settings: Pick<Settings, "seal" | "rollback">, { record }: Hit): Found {
  const { statement, algorithm, keyId } = record;
  const signed = algorithm !== INTEGRITY_ONLY;
  return {
    trust: signed ? "signed" : settings.seal === undefined ? "integrity-only" : "sealed",
    created: statement.created,
    expires: statement.expires === 0 ? undefined : statement.expires,
    sequence: statement.sequence,
    writer: statement.writer,
    signedBy: signed ? toHex(keyId) : undefined,
    size: statement.size,
    digest: toHex(statement.digest),
    rollbackChecked: settings.rollback !== undefined,
  };
}

function report(settings: Settings, answer: EntryAnswer): void {
  const { namespace, emit, hearsHits, now } = settings;
  if (answer.state === "hit" && !hearsHits() && retiredKey(answer) === undefined) return;
  const event = { namespace, plane: "entries", id: shortId(answer.name), time: now() } as const;
  // What becomes of it, and is told, is up to the caller that takes it.
  if (answer.state === "hit" && isStale(settings, answer)) return;
  const plain = (type: CacheEvent["type"], more?: Partial<CacheEvent>) =>
    emit({ type, level: "info", ...event, ...more });
  if (answer.state === "rejected") {
    emit({ type: "rejected", level: levelOf(answer.refusal), code: answer.refusal.code, ...event });
    return;
  }
  if (answer.state !== "hit") {
    plain(answer.state);
    return;
  }
  const retired = retiredKey(answer);
  if (retired !== undefined) plain("retired-key", { keyId: toHex(retired) });
  plain("hit", { keyId: toHex(answer.record.keyId) });
}

/** Whether only a caller that takes what is past its expiry is shown it. */
function isStale({ late, now }: Pick<Settings, "late" | "now">, { record }: Hit): boolean {
  const { expires } = record.statement;
  return late !== undefined && expires !== 0 && now() >= expires;
}

const retiredKey = ({ record }: Hit): Uint8Array | undefined => (record.retired ? record.keyId : record.retiredSeal);

/** The entry, unless the cache is a view that does not show it. */
function shownEntry(settings: Settings, address: Address, options?: CallOptions): Promise<EntryAnswer> {
  const answer = readEntry(settings, address, { signal: options?.signal, orMiss: true });
  const { accept } = settings;
  return accept === undefined ? answer : answer.then((read) => asShown(settings, accept, read));
}

function asShown(settings: Settings, accept: (found: Found) => boolean, answer: EntryAnswer): EntryAnswer {
  const isHidden = answer.state === "hit" && accept(factsOf(settings, answer)) === false;
  return isHidden ? { state: "miss", name: answer.name } : answer;
}

/** What is known of the value that a read would give; it is not decoded, and nobody hears of it. */
export async function stat(settings: Settings, address: Address, options?: CallOptions): Promise<Found | undefined> {
  const answer = await shownEntry(settings, address, options);
  return answer.state === "hit" ? factsOf(settings, answer) : undefined;
}

/** What a read found. */
export type Reading<V> = { readonly answer: Exclude<EntryAnswer, Hit> } | { readonly answer: Hit; readonly value: V };

/** Reads, verifies, decodes and reports one key. Throws only when the store fails. */
export async function findValue<V>(
  settings: Settings<V>,
  address: Address,
  options?: CallOptions,
): Promise<Reading<V>> {
  let answer = await shownEntry(settings as Settings, address, options);
  let reading: Reading<V> | undefined;
  if (answer.state === "hit") {
    try {
      const value = decode(settings, answer);
      reading = { answer, value: value instanceof Promise ? await value : value };
    } catch (error) {
      answer = { state: "rejected", name: answer.name, refusal: refusalOf(error) };
    }
  }
  report(settings as Settings, answer);
  return reading ?? { answer: answer as Exclude<EntryAnswer, Hit> };
}

/** The value that was read, or nothing. @throws CacheError when the cache is strict what was damaged */
export function believed<V>({ strict }: Pick<Settings, "strict">, reading: Reading<V>): V | undefined {
  if ("value" in reading) return reading.value;
  const { answer } = reading;
  if (answer.state === "rejected" && strict && isDamage(answer.refusal)) throw answer.refusal;
  return undefined;
}

/** What is known of the value that was read, or why there is none. */
export function lookup<V>(settings: Pick<Settings, "seal" | "rollback">, reading: Reading<V>): Lookup<V> {
  if ("value" in reading) return { state: "hit", value: reading.value, ...factsOf(settings, reading.answer) };
  const { answer } = reading;
  if (answer.state === "rejected") return { state: "rejected", code: answer.refusal.code, error: answer.refusal };
  return { state: answer.state };
}
