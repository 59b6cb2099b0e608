import { type Cache, type CallOptions, type Codec, type Duration, jsonCodec } from "@cache/core";
import { checkOptions, notify, type Size } from "@cache/core/adapter";
import { recordSchema, type TreeRecord } from "./record.ts";
import type { Exclude } from "./tree/walk.ts";

/** How files are kept. */
export interface FileCacheOptions {
  /**
   * What is kept apart under equal keys: another name, another set of keys.
   * @defaultValue "files"
   */
  readonly namespace?: string | undefined;
}

/** How far a put or a restoration is. */
export interface FileProgress {
  /** Files that are done. */
  readonly files: number;
  /** Their bytes. */
  readonly bytes: number;
}

/** Hears how far it is, after each file. */
export type OnFileProgress = (progress: FileProgress) => void;

/** For one put. */
export interface PutOptions extends CallOptions {
  /**
   * How long it is believed.
   * @defaultValue the cache's `ttl`
   */
  readonly ttl?: Duration | undefined;
  /**
   * What of a directory is left out.
   * @defaultValue nothing
   */
  readonly exclude?: Exclude | undefined;
  readonly onProgress?: OnFileProgress | undefined;
}

/** For what is made when there is nothing to restore. */
export interface MakeOptions extends PutOptions {
  /**
   * Leave what is there for the maker to find, as tools want it that build only what changed.
   * @defaultValue false: it is removed, so that nothing of an older result is stored with the new one
   */
  readonly keep?: boolean | undefined;
}

/** For one restoration. */
export interface RestoreOptions extends CallOptions {
  /**
   * Put it in the place of a file or directory that is there.
   * @defaultValue false: what is there is an error
   */
  readonly replace?: boolean | undefined;
  /**
   * Most bytes that may be written.
   * @defaultValue no bound but the medium's
   */
  readonly maxBytes?: Size | undefined;
  readonly onProgress?: OnFileProgress | undefined;
}

/** Where trees are kept. */
export interface Settings {
  readonly trees: Cache<TreeRecord>;
}

/** @throws TypeError for what is no cache and no option */
export function settle(cache: Cache, options: FileCacheOptions): Settings {
  if (typeof cache?.namespace !== "function") throw new TypeError("fileCache needs a cache");
  checkOptions("fileCache", options, ["namespace"]);
  const trees = cache.namespace<TreeRecord>(options.namespace ?? "files", {
    codec: jsonCodec as Codec<TreeRecord>,
    schema: recordSchema,
  });
  return { trees };
}

/** Adds up files for whoever wants to hear of them. */
export function fileCounter(onProgress: OnFileProgress | undefined): (file: { readonly size: number }) => void {
  let [files, bytes] = [0, 0];
  return ({ size }) => {
    files += 1;
    bytes += size;
    notify(onProgress, { files, bytes });
  };
}
