/**
 * A store in memory with an exact bound, for `@cache`.
 * @packageDocumentation
 */
export { ENTRY_COST } from "./held.ts";
export { type MemoryStore, type MemoryStoreOptions, memoryStore } from "./memory-store.ts";
