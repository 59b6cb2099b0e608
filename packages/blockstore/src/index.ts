/**
 * An interface-blockstore over a cache: blocks are verified against their CID when they are read.
 * @packageDocumentation
 */
export { type BlockstoreEvent, type CacheBlockstoreOptions, cacheBlockstore } from "./cache-blockstore.ts";
export type { Hasher } from "./hashing.ts";
export { NotFoundError } from "./not-found-error.ts";
