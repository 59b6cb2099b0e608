import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { CacheError } from "@cache/core";
import { unusable } from "../unusable.ts";

/** A file as it was when it was opened. */
export interface FileRead {
  readonly bytes: Uint8Array;
  readonly uid: number;
  readonly mode: number;
}

/** What is read, and how far. */
export interface FileReading {
  /** Most bytes it may have. */
  readonly most: number;
  /** Whether a symbolic link in its place is followed. */
  readonly follow: boolean;
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

function openFile(path: string, follow: boolean): number | undefined {
  try {
    // Not blocking: a FIFO in its place would wait for a writer for ever.
    const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (follow ? 0 : (constants.O_NOFOLLOW ?? 0));
    return openSync(path, flags);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === "ELOOP" && !follow)
      throw new CacheError("ERR_CACHE_UNSAFE_PATH", `the configuration ${path} was not used: it is a symbolic link`);
    throw unusable("it cannot be read", error);
  }
}

/**
 * The bytes of a file, and whose it is; both are of the file that was opened, so nobody can exchange it in between.
 * @returns `undefined` when nothing is there
 * @throws CacheError `ERR_CACHE_CONFIG`, `ERR_CACHE_UNSAFE_PATH`
 */
export function readWhole(path: string, { most, follow }: FileReading): FileRead | undefined {
  const fd = openFile(path, follow);
  if (fd === undefined) return undefined;
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) throw unusable("it is not a file");
    const bytes = new Uint8Array(most + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(fd, bytes, length, bytes.length - length, length);
    if (length > most) throw unusable(`it has more than ${most / 1024} KiB`);
    return { bytes: bytes.subarray(0, length), uid: found.uid, mode: found.mode };
  } catch (error) {
    throw error instanceof CacheError ? error : unusable("it cannot be read", error);
  } finally {
    closeSync(fd);
  }
}
