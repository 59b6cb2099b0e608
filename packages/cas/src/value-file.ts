import { type BigIntStats, fstatSync, lstatSync, openSync } from "node:fs";
import type { Stat } from "@cache/core/adapter";
import { READ_FLAGS } from "./descriptor.ts";
import { errno } from "./failures.ts";

/** Opens a file for reading. `undefined` when there is no value. @throws ENOTDIR when a directory on the way is none */
export function openFile(path: string): number | undefined {
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
