import { toHex } from "../bytes/hex.ts";
import { bytesCodec } from "../codecs/bytes.ts";
import { validate } from "../codecs/schema.ts";
import { CacheError, type CacheErrorCode } from "../errors.ts";
import type { CallOptions } from "../ports/store.ts";
import { INTEGRITY_ONLY } from "../record/integrity.ts";
import { type EntryAnswer, readEntry } from "./entries.ts";
import type { CacheEvent } from "./events.ts";
import type { Found } from "./found.ts";
import { decodeMetadata } from "./metadata.ts";
import { namesOf, shortId } from "./names.ts";
import type { Settings } from "./options.ts";
import { levelOf, refusalOf } from "./verdicts.ts";

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

async function decode<V>({ codec, schema }: Settings<V>, { record, bytes }: Hit): Promise<V> {
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

function report(settings: Settings, key: Uint8Array, answer: EntryAnswer): void {
  const { namespace, emit, now } = settings;
  const name = answer.state === "miss" ? namesOf(settings, { namespace, kind: "entries", key })[0] : answer.name;
  const event = { namespace, plane: "entries", id: shortId(name), time: now() } as const;
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
  const { record } = answer;
  const keyId = toHex(record.keyId);
  const retired = record.retired ? record.keyId : record.retiredSeal;
  if (retired !== undefined) plain("retired-key", { keyId: toHex(retired) });
  plain("hit", { keyId });
}

/** The entry, unless the cache is a view that does not show it. */
async function shownEntry(settings: Settings, key: Uint8Array, options?: CallOptions): Promise<EntryAnswer> {
  const answer = await readEntry(settings, key, options);
  const isHidden = answer.state === "hit" && settings.accept?.(factsOf(settings, answer)) === false;
  return isHidden ? { state: "miss" } : answer;
}

/** What is known of the value that a read would give; it is not decoded, and nobody hears of it. */
export async function stat(settings: Settings, key: Uint8Array, options?: CallOptions): Promise<Found | undefined> {
  const answer = await shownEntry(settings, key, options);
  return answer.state === "hit" ? factsOf(settings, answer) : undefined;
}

/** Reads, verifies, decodes and reports one key. Throws only when the store fails. */
export async function lookup<V>(settings: Settings<V>, key: Uint8Array, options?: CallOptions): Promise<Lookup<V>> {
  let answer = await shownEntry(settings as Settings, key, options);
  let found: Lookup<V> | undefined;
  if (answer.state === "hit") {
    try {
      const value = await decode(settings, answer);
      found = { state: "hit", value, ...factsOf(settings as Settings, answer) };
    } catch (error) {
      answer = { state: "rejected", name: answer.name, refusal: refusalOf(error) };
    }
  }
  report(settings as Settings, key, answer);
  if (found !== undefined) return found;
  if (answer.state === "rejected") return { state: "rejected", code: answer.refusal.code, error: answer.refusal };
  return { state: answer.state } as Lookup<V>;
}
