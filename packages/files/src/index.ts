/**
 * Files and directories in a cache, by content.
 * @packageDocumentation
 */
export { type ContentAt, type ContentOptions, contentAt } from "./content-at.ts";
export { type FileCache, fileCache } from "./file-cache.ts";
export type { FileLookup } from "./lookup.ts";
export type {
  FileCacheOptions,
  FileProgress,
  Made,
  MakeOptions,
  OnFileProgress,
  PutOptions,
  RestoreOptions,
} from "./options.ts";
export type { StoredFiles } from "./record.ts";
export type { Exclude } from "./tree/walk.ts";
export type { Waiting } from "./turns/lock.ts";
export { type PlaceTurn, takePlace } from "./turns/turns.ts";
