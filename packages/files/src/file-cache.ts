import type { Cache, CallOptions, Lookup } from "@cache/core";
import { checkMake, checkPut, checkRestore, requirePath } from "./checks.ts";
import type { FileLookup } from "./lookup.ts";
import { restoreOrMake } from "./make.ts";
import {
  type FileCacheOptions,
  type Made,
  type MakeOptions,
  type PutOptions,
  type RestoreOptions,
  settle,
} from "./options.ts";
import { putTree } from "./put/put.ts";
import { describe, type StoredFiles, type TreeRecord } from "./record.ts";
import { restoreTree } from "./restore/restore.ts";
import { takePlace } from "./turns/turns.ts";

/**
 * Files and directories under keys, in a cache. Kept are names, contents, which files can be executed, and links that stay inside; times, owners and other
 * rights are not.
 *
 * What is lost or not to be believed is no hit, and an event of the cache; nothing of it appears. A store that fails throws `ERR_CACHE_STORE`.
 */
export interface FileCache {
  /**
   * Stores the file or directory at a path, in place of what had its key. Each file is read once, and never as a whole into memory.
   * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what cannot be kept: a device, a link that leads out of the directory; `ERR_CACHE_SECRET`
   * for one of `secretFiles`
   * @throws TypeError for a file that changes while it is read
   */
  put(key: string, path: string, options?: PutOptions): Promise<StoredFiles>;
  /**
   * Makes at a path what is kept: it appears when all of it was verified, or not at all. Directories around it are made. What others make at the path
   * with `restoreOrMake` is waited for.
   * @throws CacheError `ERR_CACHE_UNSAFE_PATH` when something is there already and `replace` is not set, or when it is of another
   * kind; `ERR_CACHE_LIMIT` for more than `maxBytes`
   */
  restore(key: string, path: string, options?: RestoreOptions): Promise<FileLookup>;
  /** What is kept under a key. Contents are not looked at. */
  lookup(key: string, options?: CallOptions): Promise<FileLookup>;
  /**
   * Restores what is kept; or else has it made, and stores it. Either way what was at the path is removed. Calls for one path take turns, in this process and in all
   * of this user on this machine.
   * @param make - makes what is to be at the path, and is done when it ends: what still runs then makes the put fail, or is not stored
   * @throws whatever `make` throws; and as `put` and `restore`
   */
  restoreOrMake(key: string, path: string, make: () => void | Promise<void>, options?: MakeOptions): Promise<Made>;
  /** What is kept, in no order; what does not hold is not among it, and an event of the cache. All entries of the store are looked at. */
  list(options?: CallOptions): AsyncIterable<readonly [key: string, files: StoredFiles]>;
  /** Removes it. Its content goes with the next collection of garbage, unless something else needs it. */
  delete(key: string, options?: CallOptions): Promise<void>;
}

/** Keeps files in a cache, with its store, seal and signatures. Does no I/O. */
export function fileCache(cache: Cache, options: FileCacheOptions = {}): FileCache {
  const settings = settle(cache, options);
  const { trees } = settings;

  async function put(key: string, path: string, given: PutOptions = {}): Promise<StoredFiles> {
    checkPut(given);
    requirePath(path);
    return describe(await putTree(settings, key, path, given));
  }

  async function restore(key: string, path: string, given: RestoreOptions = {}): Promise<FileLookup> {
    checkRestore(given);
    requirePath(path);
    const { signal } = given;
    const found = await trees.lookup(key, { signal });
    if (found.state !== "hit") return withoutRecord(found);
    const outcome = await takePlace(path, () => restoreTree(settings, found.value, path, given), { signal });
    if (outcome === "restored") return { state: "hit", files: describe(found.value) };
    return outcome === "lost" ? { state: "miss" } : { state: "rejected", code: outcome.code, error: outcome };
  }

  return {
    put,
    restore,
    async lookup(key, { signal } = {}) {
      const found = await trees.lookup(key, { signal });
      return found.state === "hit" ? { state: "hit", files: describe(found.value) } : withoutRecord(found);
    },
    async restoreOrMake(key, path, make, given = {}) {
      checkMake(make, given);
      requirePath(path);
      return restoreOrMake({ put, restore }, { key, path, make }, given);
    },
    async *list({ signal } = {}) {
      for await (const key of trees.keys({ signal })) {
        const found = await trees.lookup(key, { signal });
        if (found.state === "hit") yield [key, describe(found.value)] as const;
      }
    },
    delete: (key, given) => trees.delete(key, given),
  };
}

function withoutRecord(found: Exclude<Lookup<TreeRecord>, { state: "hit" }>): FileLookup {
  if (found.state !== "rejected") return { state: "miss" };
  return { state: "rejected", code: found.code, error: found.error };
}
