import { closeSync, fsyncSync, openSync } from "node:fs";
import { CacheError } from "@cache/core/adapter";
import { fromUtf8, utf8 } from "@cache/core/bytes";
import { closeQuietly, READ_FLAGS, readAll, writeAll } from "./descriptor.ts";
import { errno, isAbsence } from "./failures.ts";
import type { Levels } from "./options.ts";

/** Longer than any layout of any version will be. */
const MOST_BYTES = 1024;

/** What the file `layout` of a store holds: one line of JSON. */
function layoutText(levels: Levels): string {
  return `${JSON.stringify({ version: 1, levels })}\n`;
}

/**
 * The levels that a store has recorded; `undefined` when nothing was recorded, and so nothing ever published.
 * @throws CacheError ERR_CACHE_LAYOUT for anything that this version does not write
 */
export function readLayout(path: string): Levels | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  for (const levels of [1, 2] as const) if (text === layoutText(levels)) return levels;
  const why = "was written by another version, or damaged; choose another directory, or remove this store";
  throw new CacheError("ERR_CACHE_LAYOUT", `the layout of the store in ${path} ${why}`);
}

/** @throws CacheError ERR_CACHE_LAYOUT when a store was asked to be what it is not */
export function checkLevels(path: string, recorded: Levels, asked: Levels | undefined): void {
  if (asked === undefined || asked === recorded) return;
  const what = `the store recorded in ${path} has ${recorded} level(s) of directories, not ${asked}`;
  throw new CacheError("ERR_CACHE_LAYOUT", `${what}; leave the option out, or choose another directory`);
}

function readText(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, READ_FLAGS);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    if (errno(error) === "ELOOP") return "";
    throw error;
  }
  try {
    const bytes = new Uint8Array(MOST_BYTES);
    return fromUtf8(bytes.subarray(0, readAll(fd, bytes, 0)));
  } catch (error) {
    // A directory, a FIFO, or bytes that are no text: none of them is a layout.
    if (error instanceof TypeError || errno(error) === "EISDIR" || errno(error) === "ESPIPE") return "";
    throw error;
  } finally {
    closeQuietly(fd);
  }
}

/**
 * Writes a layout to a new file, which counts once it is moved into place. Brought to the medium whether or not puts are
 * durable: a value that a loss of power tears is one miss, a torn layout would be the loss of the store.
 */
export function writeLayout(path: string, levels: Levels): void {
  const fd = openSync(path, "wx", 0o600);
  try {
    writeAll(fd, utf8(layoutText(levels)), 0);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
