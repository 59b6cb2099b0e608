import { type Cache, type CallOptions, type Codec, type Duration, jsonCodec } from "@cache/core";
import { checkOptions, notify, type Size } from "@cache/core/adapter";
import type { ContentAt } from "./content-at.ts";
import { recordSchema, type StoredFiles, type TreeRecord } from "./record.ts";
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
  /**
   * Paths of files such as a keyring, none of which is kept: one that is met is refused, under whatever name it lies there.
   * @defaultValue none
   */
  readonly secretFiles?: readonly string[] | undefined;
  readonly onProgress?: OnFileProgress | undefined;
}

/** For what is made when there is nothing to restore. */
export interface MakeOptions extends PutOptions {
  /**
   * Leave what is there for the maker to find, as tools want it that build only what changed.
   * @defaultValue false: it is removed, so that nothing of an older result is stored with the new one
   */
  readonly keep?: boolean | undefined;
  /**
   * What it is made of, as it was when the key was made of it. It is read again when the maker is done: of another input nothing is stored under the key.
   * @defaultValue nothing: whoever changes the input while the maker runs has a result of one input under the key of another
   */
  readonly of?: ContentAt | readonly ContentAt[] | undefined;
}

/** What is at a path now, and how it came there. */
export interface Made {
  /**
   * `hit`: it was restored. `made`: it was made and stored. `unstored`: it was made, and nothing was stored, as what it was made `of` changed meanwhile, or
   * somebody else could work on the place.
   */
  readonly state: "hit" | "made" | "unstored";
  readonly files: StoredFiles;
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
