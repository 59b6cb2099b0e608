import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { CacheError } from "@cache/core";

/** Not following a link, and not waiting for the writer of a FIFO. Neither flag exists on Windows. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What is in the place of a file: a link, a directory, a device. */
const NOT_A_FILE = "it is not a regular file";

/**
 * All the bytes of a regular file that others may have written. What is checked is the file that was opened.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what is no regular file, `ERR_CACHE_LIMIT` above `most` bytes,
 * `ERR_CACHE_STORE` when it cannot be read
 */
export function readRegularFile(path: string, most: number): Uint8Array {
  try {
    // A link is refused before it is opened: where there is no flag for that, this is all there is.
    if (!lstatSync(path).isFile()) throw new CacheError("ERR_CACHE_UNSAFE_PATH", NOT_A_FILE);
    const file = openSync(path, FLAGS);
    try {
      const found = fstatSync(file);
      if (!found.isFile()) throw new CacheError("ERR_CACHE_UNSAFE_PATH", NOT_A_FILE);
      if (found.size > most) throw tooLarge();
      return readUpTo(file, found.size, most);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof CacheError) throw error;
    throw new CacheError("ERR_CACHE_STORE", "a file cannot be read", { cause: error });
  }
}

const tooLarge = (): CacheError => new CacheError("ERR_CACHE_LIMIT", "the file is larger than is allowed");

/** To the end, which may be further than the size that was looked at, or nearer. */
function readUpTo(file: number, size: number, most: number): Uint8Array {
  let bytes = new Uint8Array(size + 1);
  let length = 0;
  for (let read = -1; read !== 0; length += read) {
    if (length > most) throw tooLarge();
    if (length === bytes.byteLength) {
      const longer = new Uint8Array(Math.min(2 * length, most + 1));
      longer.set(bytes);
      bytes = longer;
    }
    read = readSync(file, bytes, length, bytes.byteLength - length, null);
  }
  return bytes.subarray(0, length);
}
