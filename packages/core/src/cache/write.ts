import { validate } from "../codecs/schema.ts";
import { CacheError, isCacheError } from "../errors.ts";
import type { CallOptions } from "../ports/store.ts";
import { parseDuration } from "../units/duration.ts";
import type { Address } from "./addresses.ts";
import type { SetOptions } from "./cache.ts";
import { writeEntry } from "./entry-writes.ts";
import { encodeMetadata } from "./metadata.ts";
import { shortId } from "./names.ts";
import type { Settings } from "./options.ts";

/** When an entry written now would expire: milliseconds since 1970 UTC, 0 for never. */
type Expiry = (created: number) => number;

/** @throws TypeError for a `ttl` that is none */
export function expiryOf({ ttl: usual }: Pick<Settings, "ttl">, ttl: SetOptions["ttl"]): Expiry {
  const lifetime = ttl === undefined ? usual : parseDuration(ttl);
  // The format counts to 2^53 - 1; a lifetime beyond it ends there.
  return (created) => (lifetime === 0 ? 0 : Math.min(created + lifetime, Number.MAX_SAFE_INTEGER));
}

/** A value that is to be written. */
interface Writing<V> {
  readonly address: Address;
  readonly value: V;
  readonly expiry: Expiry;
  /** Milliseconds for which some readers take the value past its expiry. */
  readonly late?: number | undefined;
  /** Digests of content that is kept as long as the entry. */
  readonly needs?: readonly string[] | undefined;
}

/** Checks, encodes, writes and reports one value. */
export async function write<V>(settings: Settings<V>, writing: Writing<V>, options: CallOptions): Promise<void> {
  const { address, value, expiry, late, needs } = writing;
  const { codec, schema, now, emit, namespace, maxBufferedBytes } = settings;
  const valid = schema === undefined ? value : validate(schema, value);
  const bytes: unknown = codec.encode(valid instanceof Promise ? await valid : valid);
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`the codec "${codec.name}" gave no Uint8Array`);
  if (bytes.byteLength > maxBufferedBytes) {
    throw new CacheError("ERR_CACHE_LIMIT", "the encoded value is larger than maxBufferedBytes; store it as content");
  }
  const metadata = encodeMetadata(codec.name, needs);
  const created = now();
  const facts = { created, expires: expiry(created), late, metadata };
  const stored = await writeEntry(settings as Settings, address, bytes, facts, { ...options, orMiss: true });
  emit({ type: "set", level: "info", namespace, plane: "entries", id: shortId(stored), time: created });
}

/** As {@link write}, for a computed value: a store that cannot take it costs the next caller time and this one nothing. */
export async function keep<V>(settings: Settings<V>, writing: Writing<V>, options: CallOptions): Promise<void> {
  try {
    await write(settings, writing, options);
  } catch (error) {
    if (!isCacheError(error) || error.code === "ERR_CACHE_CODEC") throw error;
    const { namespace, emit, now } = settings;
    const failed = { type: "write-failed", level: "warning", code: error.code } as const;
    emit({ ...failed, namespace, plane: "entries", id: "", time: now() });
  }
}
