/**
 * A zero-trust cache: what comes back was verified at the moment of use, or does not come back.
 * @packageDocumentation
 */
export type { Blobs } from "./cache/blobs.ts";
export type { Cache, GetOrSetOptions, NamespaceOptions, ReadOptions, SetOptions } from "./cache/cache.ts";
export { createCache } from "./cache/create-cache.ts";
export type { CacheEvent, EventLevel, EventListener } from "./cache/events.ts";
export type { Found, Trust } from "./cache/found.ts";
export type { Lookup } from "./cache/lookup.ts";
export type { CacheOptions } from "./cache/options.ts";
export { bytesCodec } from "./codecs/bytes.ts";
export { jsonCodec } from "./codecs/json.ts";
export { structuredCodec } from "./codecs/structured.ts";
export { CacheError, type CacheErrorCode, isCacheError } from "./errors.ts";
export { type StoreLeasesOptions, storeLeases } from "./leases/store-leases.ts";
export type { Call, CallLog } from "./memoize/call-log.ts";
export type { MemoizeEvent, MemoizeListener } from "./memoize/events.ts";
export type { IgnoredArguments } from "./memoize/ignored.ts";
export { type KeptResult, type Memoized, memoize } from "./memoize/memoize.ts";
export { type KeptItems, type MemoizedGenerator, memoizeGenerator } from "./memoize/memoize-generator.ts";
export type { MemoizeGeneratorOptions, MemoizeOptions } from "./memoize/options.ts";
export type { Items } from "./memoize/shared-run.ts";
export type { Codec } from "./ports/codec.ts";
export type * from "./ports/leases.ts";
export type * from "./ports/monotonic-store.ts";
export type * from "./ports/sealer.ts";
export type * from "./ports/signer.ts";
export type * from "./ports/store.ts";
export type { Duration } from "./units/duration.ts";
export type { Size } from "./units/size.ts";
export { pool } from "./wrappers/pool.ts";
export { readOnly } from "./wrappers/read-only.ts";
export { split } from "./wrappers/split.ts";
export type { TierEvent, TierListener } from "./wrappers/tiers/failures.ts";
export type { Tier } from "./wrappers/tiers/tier.ts";
export { tiered } from "./wrappers/tiers/tiered.ts";
