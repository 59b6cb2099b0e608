import { chmodSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { checkOptions, storeError } from "@cache/core/adapter";
import { type FileStore, storeAt } from "../file-store.ts";
import { checkedLevels, type Levels } from "../options.ts";
import { StoreRoot } from "../root.ts";
import { collectLeftovers, PREFIX, removeEphemeral, removeEphemeralNow } from "./leftovers.ts";
import { announce } from "./liveness.ts";
import { writeMarker } from "./marker.ts";
import { atProcessEnd } from "./process-end.ts";

/** How an ephemeral store works. */
export interface EphemeralStoreOptions {
  /**
   * Where to make its directory.
   * @defaultValue the platform's directory for temporary files
   */
  readonly parent?: string | undefined;
  /**
   * Levels of directories, as for a file store.
   * @defaultValue 1
   */
  readonly levels?: Levels | undefined;
}

/** A file store that ends with the process, or earlier. */
export interface EphemeralStore extends FileStore, AsyncDisposable {
  /** Removes the directory with all values. Every later call but this one rejects with `ERR_CACHE_STORE`. */
  close(): Promise<void>;
}

/**
 * A store in a new directory that only this process knows. It is removed by `close`, and when the process ends: by
 * itself, by an uncaught exception, or by SIGINT, SIGTERM or SIGHUP, which have the outcome they would have had. What a
 * process that was killed left behind is removed by the next call of this function by the same user.
 *
 * Bytes in it are not encrypted; use a sealer where others may read the disk.
 * @throws CacheError ERR_CACHE_STORE when the directory cannot be made
 */
export async function ephemeralStore(options: EphemeralStoreOptions = {}): Promise<EphemeralStore> {
  checkOptions("ephemeralStore", options, ["parent", "levels"]);
  if (options.parent !== undefined && typeof options.parent !== "string") throw new TypeError("parent is a path");
  const levels = checkedLevels(options.levels);
  const parent = resolve(options.parent ?? tmpdir());
  try {
    const directory = makeDirectory(parent);
    const root = new StoreRoot(join(directory, "store"), levels);
    const close = await tie(directory, root);
    await collectLeftovers(parent);
    return { ...storeAt(root), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    throw storeError("making an ephemeral directory", error);
  }
}

/** Ties a directory to the life of this process. @returns what ends it earlier */
async function tie(directory: string, root: StoreRoot): Promise<() => Promise<void>> {
  const takeBack = atProcessEnd(() => {
    root.close();
    removeEphemeralNow(directory);
  });
  const announcement = await announce(directory);
  writeMarker(directory, announcement !== undefined);
  let closing: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    root.close();
    try {
      await removeEphemeral(directory);
    } catch (error) {
      throw storeError("removing an ephemeral directory", error);
    }
    takeBack();
    announcement?.close();
  };
  return () => {
    closing ??= end();
    return closing;
  };
}

function makeDirectory(parent: string): string {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const directory = mkdtempSync(join(parent, PREFIX));
  chmodSync(directory, 0o700);
  return directory;
}
