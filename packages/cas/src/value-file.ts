import { type BigIntStats, fstatSync, lstatSync, openSync } from "node:fs";
import type { Stat } from "@cache/core/adapter";
import { READ_FLAGS } from "./descriptor.ts";
import { errno } from "./failures.ts";
import type { Place } from "./paths.ts";
import { isExhaustion, retry } from "./patience.ts";
import type { Found, StoreRoot } from "./root.ts";

/**
 * Opens a value for reading. `undefined` when there is none: nothing, or something that no put left there, such as a
 * symbolic link, which is never followed and which the next put replaces.
 */
export async function openValue(root: StoreRoot, place: Place, signal?: AbortSignal): Promise<number | undefined> {
  const attempt = () => whereReadable(root, place, openNow);
  try {
    return attempt();
  } catch (error) {
    if (!isExhaustion(error)) throw error;
    return await retry(attempt, isExhaustion, signal);
  }
}

/** What is known of a value without opening it, wherever in a store it is. */
export function statPlace(root: StoreRoot, place: Place): Stat | undefined {
  return whereReadable(root, place, statValue);
}

/** What `read` finds where a value can be read. It throws `ENOTDIR` when a directory on the way is none any more. */
function whereReadable<T>(root: StoreRoot, place: Place, read: (path: string) => T | undefined): T | undefined {
  const within = (found: Found | undefined): T | undefined => {
    const path = found?.fanOuts.find(place);
    return path === undefined ? undefined : read(path);
  };
  try {
    return within(root.look());
  } catch (error) {
    if (errno(error) !== "ENOTDIR") throw error;
    return within(root.lookNow());
  }
}

function openNow(path: string): number | undefined {
  try {
    return openSync(path, READ_FLAGS);
  } catch (error) {
    if (errno(error) === "ENOENT") return undefined;
    if (errno(error) === "ENOTDIR" || isValue(path)) throw error;
    return undefined;
  }
}

/** The length of an open file; `undefined` when it is no file but a FIFO, a device or a directory. */
export function lengthOf(fd: number): number | undefined {
  const found = fstatSync(fd);
  return found.isFile() ? found.size : undefined;
}

/** What reading at a position answers for a directory and for a FIFO. */
export function isNoFile(error: unknown): boolean {
  const code = errno(error);
  return code === "EISDIR" || code === "ESPIPE";
}

/** What is known of a value without opening it. */
export function statValue(path: string): Stat | undefined {
  const found = look(path);
  return found && { size: Number(found.size), modified: Number(found.mtimeMs), version: versionOf(found) };
}

/** Whether a value is there. A link, a FIFO or a directory is none, whoever put it there. */
export function isValue(path: string): boolean {
  return look(path) !== undefined;
}

function look(path: string): BigIntStats | undefined {
  try {
    const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return found?.isFile() ? found : undefined;
  } catch (error) {
    // A link that leads in a circle, in the place of a directory of values: there is no such directory.
    if (errno(error) === "ELOOP") return undefined;
    throw error;
  }
}

/** Which file it is, and of when: a put always makes another file, with a time of its own. */
function versionOf({ dev, ino, mtimeNs, size }: BigIntStats): string {
  return [dev, ino, mtimeNs, size].map((number) => number.toString(36)).join("-");
}
