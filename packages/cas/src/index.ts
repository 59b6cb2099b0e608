/**
 * Stores in directories: one that lasts, and one that ends with the process.
 * @packageDocumentation
 */
export { defaultCacheDirectory, type Host } from "./default-directory.ts";
export { type EphemeralStore, type EphemeralStoreOptions, ephemeralStore } from "./ephemeral/ephemeral-store.ts";
export { type FileStore, fileStore } from "./file-store.ts";
export type { Removed } from "./leavings.ts";
export type { Eviction } from "./limits/eviction.ts";
export type { FileStoreMaintenance, LeftOverOptions } from "./maintenance.ts";
export { monotonicStore } from "./monotonic-store.ts";
export type { FileStoreOptions, Levels } from "./options.ts";
export type { Planted } from "./planted.ts";
export type { Quarantined } from "./quarantine.ts";
