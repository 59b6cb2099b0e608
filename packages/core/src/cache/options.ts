import type { StandardSchemaV1 } from "@standard-schema/spec";
import { checkOptions } from "../adapter/check-options.ts";
import { utf8 } from "../bytes/text.ts";
import { jsonCodec } from "../codecs/json.ts";
import type { Codec } from "../ports/codec.ts";
import type { Leases } from "../ports/leases.ts";
import type { MonotonicStore } from "../ports/monotonic-store.ts";
import type { Sealer } from "../ports/sealer.ts";
import type { Signer } from "../ports/signer.ts";
import type { Store } from "../ports/store.ts";
import { integrityOnly } from "../record/integrity.ts";
import { type Duration, parseDuration } from "../units/duration.ts";
import { parseSize, type Size } from "../units/size.ts";
import { checkedClock, sequencer } from "./clock.ts";
import { byContract } from "./contract.ts";
import { type EventListener, type EventSink, eventSink } from "./events.ts";
import type { Found } from "./found.ts";
import { KnownRecords } from "./known-records.ts";
import { RollbackGuard } from "./rollback.ts";
import { checkSchema, checkSlot, checkType } from "./slots.ts";

/** The slots of a cache. Each is a package of its own; leave the line out and the property is gone, nothing else. */
export interface CacheOptions<V = unknown> {
  /** Where the bytes live. */
  readonly store: Store;
  /** Makes everything stored readable by key holders only. Left out: not secret. */
  readonly seal?: Sealer | undefined;
  /** Says who wrote and refuses everybody else. Left out: not attributed. Without an identity: the cache only reads, and deletes nothing. */
  readonly sign?: Signer | undefined;
  /**
   * Remembers what was seen of each name, elsewhere than in the store, and refuses what is older. Everybody who writes the
   * same names should have one, for the sequence of a write is one above the last that was seen.
   * Left out: an older entry is believed until it expires.
   */
  readonly rollback?: MonotonicStore | undefined;
  /**
   * Lets one process compute a missing value while the others wait for it: what `getOrSet` does within a process, for all
   * processes and machines that take these leases. Left out: each process computes for itself.
   */
  readonly leases?: Leases | undefined;
  /**
   * How long `getOrSet` waits at most for a value that another computes, before it computes it as well.
   * @defaultValue "1m"
   */
  readonly leaseWait?: Duration | undefined;
  /**
   * Keeps names apart: at most 255 bytes of UTF-8, no control characters.
   * @defaultValue the empty name
   */
  readonly namespace?: string | undefined;
  /**
   * How long an entry is believed.
   * @defaultValue for ever
   */
  readonly ttl?: Duration | undefined;
  /**
   * Values to bytes and back.
   * @defaultValue JSON
   */
  readonly codec?: Codec<V> | undefined;
  /**
   * Checks every value on its way in and out; a stored value that it refuses is a miss. One that answers with a promise sees,
   * and lets through, the value as it is by then.
   */
  readonly schema?: StandardSchemaV1<unknown, V> | undefined;
  /**
   * Throw what was damaged or forged instead of treating it as a miss.
   * @defaultValue false
   */
  readonly strict?: boolean | undefined;
  /**
   * Largest encoded value kept inside its entry; a larger one is content of its own, stored once however many keys name it.
   * @defaultValue 64 KiB
   */
  readonly inlineLimit?: Size | undefined;
  /**
   * Largest content that `get` takes into memory; `open` and `toFile` have no bound.
   * @defaultValue 64 MiB
   */
  readonly maxBufferedBytes?: Size | undefined;
  /** Stated in every entry as its writer, at most 255 bytes; informative only. */
  readonly writer?: string | undefined;
  /** Hears of every event. On Node they are published on the diagnostics channels `cache:*` as well. */
  readonly onEvent?: EventListener | undefined;
  /**
   * The clock, in milliseconds since 1970 UTC.
   * @defaultValue `Date.now`
   */
  readonly now?: (() => number) | undefined;
}

/** {@link CacheOptions} with every default filled in and every bound checked. */
export interface Settings<V = unknown> extends EventSink {
  readonly store: Store & AsyncDisposable;
  readonly seal: Sealer | undefined;
  readonly sign: Signer;
  readonly rollback: RollbackGuard | undefined;
  readonly leases: Leases | undefined;
  /** Milliseconds. */
  readonly leaseWait: number;
  /** Milliseconds past its expiry for which an entry is still taken; absent: none. */
  readonly late?: number | undefined;
  readonly namespace: string;
  /** Milliseconds, or 0 for ever. */
  readonly ttl: number;
  readonly codec: Codec<V>;
  readonly schema: StandardSchemaV1<unknown, V> | undefined;
  /** In a view: whether it shows a value. */
  readonly accept?: ((found: Found) => boolean) | undefined;
  readonly strict: boolean;
  readonly inlineLimit: number;
  readonly maxBufferedBytes: number;
  readonly writer: string;
  readonly now: () => number;
  /** What was verified before; shared by all namespaces, since names are apart. */
  readonly known: KnownRecords;
  /** A number above the one before and not below the clock, so that a later write says so. */
  readonly nextSequence: () => number;
}

const MAX_INLINE = 1_048_576;

/** @throws TypeError for a namespace that is too long or has control characters, which the cache keeps for itself */
function checkNamespace(namespace: string): string {
  if (typeof namespace !== "string") throw new TypeError("a namespace is text");
  if (utf8(namespace).byteLength > 255) throw new TypeError("a namespace has at most 255 bytes");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused here
  if (/[\u0000-\u001f\u007f-\u009f]/.test(namespace)) throw new TypeError("a namespace has no control characters");
  return namespace;
}

function checkWriter(writer: string): string {
  if (utf8(writer).byteLength > 255) throw new TypeError("a writer has at most 255 bytes");
  return writer;
}

function checkInline(limit: number): number {
  if (limit > MAX_INLINE) throw new TypeError("inlineLimit is at most 1 MiB");
  return limit;
}

const NAMESPACE_OPTIONS = ["codec", "schema", "ttl"] as const;
const OPTIONS = [
  ...["store", "seal", "sign", "rollback", "leases", "leaseWait", "namespace", ...NAMESPACE_OPTIONS, "strict"],
  ...["inlineLimit", "maxBufferedBytes", "writer", "onEvent", "now"],
] as const;

function checkTypes(options: CacheOptions<never>): void {
  checkOptions("createCache", options, OPTIONS);
  for (const slot of ["store", "seal", "sign", "rollback", "leases", "codec"] as const) checkSlot(slot, options[slot]);
  checkSchema(options.schema);
  checkType("strict", options.strict, "boolean");
  checkType("writer", options.writer, "string");
  checkType("onEvent", options.onEvent, "function");
  checkType("now", options.now, "function");
}

/** @throws TypeError for any option out of its bounds */
export function settle<V>(options: CacheOptions<V>): Settings<V> {
  checkTypes(options as CacheOptions<never>);
  if (options.store === undefined) throw new TypeError("createCache needs a store");
  // Defaults stand for what is left out, and for nothing else.
  const { store, seal, schema, sign = integrityOnly, strict = false, namespace = "", writer = "", onEvent } = options;
  const { codec = jsonCodec as Codec<V>, inlineLimit = 65_536, maxBufferedBytes = 67_108_864 } = options;
  const now = checkedClock(options.now ?? Date.now);
  return {
    ...{ seal, sign, codec, schema, strict, now, leases: options.leases },
    leaseWait: parseDuration(options.leaseWait ?? "1m"),
    store: byContract(store),
    rollback: options.rollback && new RollbackGuard(options.rollback),
    namespace: checkNamespace(namespace),
    ttl: options.ttl === undefined ? 0 : parseDuration(options.ttl),
    inlineLimit: checkInline(parseSize(inlineLimit)),
    maxBufferedBytes: parseSize(maxBufferedBytes),
    writer: checkWriter(writer),
    ...eventSink(onEvent),
    known: new KnownRecords(),
    nextSequence: sequencer(now),
  };
}

/** The settings of a namespace within a cache. */
export function settingsBelow<W>(
  parent: Settings,
  name: string,
  options: Pick<CacheOptions<W>, (typeof NAMESPACE_OPTIONS)[number]>,
): Settings<W> {
  checkOptions("a namespace", options, NAMESPACE_OPTIONS);
  const { ttl, codec, schema } = options;
  const own = parent as unknown as Settings<W>;
  checkSlot("codec", codec);
  checkSchema(schema);
  return {
    ...own,
    namespace: checkNamespace(parent.namespace === "" ? name : `${parent.namespace}/${name}`),
    ttl: ttl === undefined ? own.ttl : parseDuration(ttl),
    codec: codec ?? own.codec,
    schema: schema ?? own.schema,
  };
}
