import { resolve } from "node:path";
import { checkOptions, type Store } from "@cache/core/adapter";
import { DirectorySync } from "./durability.ts";
import { getBytes } from "./get.ts";
import { limited } from "./limits/limited.ts";
import { checkedLimits } from "./limits/limits.ts";
import { Room } from "./limits/room.ts";
import { Use } from "./limits/use.ts";
import { listValues } from "./listing.ts";
import { type FileStoreMaintenance, maintenanceOf } from "./maintenance.ts";
import { openBlocks } from "./open.ts";
import { checkedLevels, type FileStoreOptions } from "./options.ts";
import { type Medium, putBytes } from "./put.ts";
import { putStream } from "./put-stream.ts";
import { removeValue } from "./remove.ts";
import { StoreRoot } from "./root.ts";
import { statOf } from "./stat.ts";

/** A store in a directory. */
export interface FileStore extends Store {
  /** The absolute path of the directory. */
  readonly directory: string;
  /** What lies in the directory beside values. */
  readonly maintenance: FileStoreMaintenance;
}

/**
 * A store in a directory, for any number of processes at once.
 *
 * Nothing is looked at or made before the first call, and only a put makes anything: the directory, then
 * `v1/` in it with directories for the values, private to the user (0700, files 0600), and `CACHEDIR.TAG`. A directory
 * that is there must belong to the user, and nobody else may be able to write to it; otherwise every call rejects with
 * `ERR_CACHE_UNSAFE_PATH`. On Windows that is not checked; there the directory should be in the user's profile.
 *
 * A value is a file. It is written under a temporary name and then moved, so a reader sees all of it or nothing,
 * whatever happens to the writer. Only a regular file is a value: a symbolic link, a FIFO or a directory that was
 * planted under its name is as good as absent, and the next put replaces the first two.
 * @param directory - made when it is missing, with its parents; a relative path means the present working directory
 * @throws TypeError for options that make no sense
 */
export function fileStore(directory: string, options: FileStoreOptions = {}): FileStore {
  if (typeof directory !== "string" || directory === "" || directory.includes("\0")) {
    throw new TypeError("the directory of a file store is a path");
  }
  checkOptions("fileStore", options, ["levels", "durable", "maxBytes", "maxEntries", "onEviction"]);
  const { durable = false, onEviction } = options;
  if (typeof durable !== "boolean") throw new TypeError("durable is a boolean");
  if (onEviction !== undefined && typeof onEviction !== "function") throw new TypeError("onEviction is a function");
  const limits = checkedLimits(options);
  const root = new StoreRoot(resolve(directory), checkedLevels(options.levels));
  return storeAt(root, { durable, room: limits && new Room({ root, limits, onEviction }) });
}

/** What a store does beside the plain work. */
export interface StoreExtras {
  readonly durable?: boolean | undefined;
  /** Keeps it within limits. */
  readonly room?: Room | undefined;
}

/** The store at a root. */
export function storeAt(root: StoreRoot, { durable, room }: StoreExtras = {}): FileStore {
  const directories = durable === true ? new DirectorySync() : undefined;
  const medium: Medium = { root, directories, makeRoom: room && (() => room.makeRoom()) };
  const maintenance = maintenanceOf(root, room);
  const use = room && new Use();
  const writes = writesOf(medium, maintenance);
  return {
    directory: root.directory,
    maintenance,
    get: (name, options) => getBytes(root, name, options, use),
    open: (name, options) => openBlocks(root, name, options, use),
    stat: (name, options) => statOf(root, name, options),
    list: (kind, options) => listValues(root, kind, options),
    ...(room === undefined ? writes : limited(root, writes, room)),
  };
}

function writesOf(medium: Medium, maintenance: FileStoreMaintenance): Pick<Store, "put" | "putStream" | "delete"> {
  let swept = false;
  /** Once per store; a process that crashes again and again would otherwise fill the disk with what it began. */
  const sweepOnce = (): void => {
    if (swept) return;
    swept = true;
    // Somebody else's rubbish is no reason for a put to fail.
    maintenance.sweepTemporary().catch(() => undefined);
  };
  return {
    put(name, bytes, options) {
      sweepOnce();
      return putBytes(medium, name, bytes, options);
    },
    putStream(draft, options) {
      sweepOnce();
      return putStream(medium, draft, options);
    },
    async delete(name, options) {
      await removeValue(medium.root, name, options);
    },
  };
}
