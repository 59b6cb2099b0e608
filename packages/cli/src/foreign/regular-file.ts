import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from "node:fs";
import { CacheError } from "@cache/core";

/** Not following a link, and not waiting for the writer of a FIFO. Neither flag exists on Windows. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const PIECE = 262_144;

/** Opens a regular file. What is checked is the file that was opened. @throws CacheError as {@link readRegularFile} */
function openRegular(path: string): number {
  try {
    // A link is refused before it is opened: where there is no flag for that, this is all there is.
    if (!lstatSync(path).isFile()) throw notAFile();
    const file = openSync(path, FLAGS);
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
    throw notAFile();
  } catch (error) {
    throw unreadable(error);
  }
}

function withRegularFile<T>(path: string, use: (file: number) => T): T {
  const file = openRegular(path);
  try {
    return use(file);
  } catch (error) {
    throw unreadable(error);
  } finally {
    closeSync(file);
  }
}

/** What is in the place of a file: a link, a directory, a device. */
const notAFile = (): CacheError => new CacheError("ERR_CACHE_UNSAFE_PATH", "it is not a regular file");

function unreadable(error: unknown): unknown {
  if (error instanceof CacheError) return error;
  return new CacheError("ERR_CACHE_STORE", "a file cannot be read", { cause: error });
}

/**
 * All the bytes of a regular file that others may have written.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for what is no regular file, `ERR_CACHE_LIMIT` above `most` bytes,
 * `ERR_CACHE_STORE` when it cannot be read
 */
export function readRegularFile(path: string, most: number): Uint8Array {
  return withRegularFile(path, (file) => {
    const { size } = fstatSync(file);
    if (size > most) throw tooLarge();
    return readUpTo(file, size, most);
  });
}

/** Its first bytes, at most so many. @throws CacheError as {@link readRegularFile} */
export function beginningOf(path: string, length: number): Uint8Array {
  return withRegularFile(path, (file) => {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, 0));
  });
}

/** All of it, piece by piece, however long. @throws CacheError as {@link readRegularFile}, from the iteration */
export async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  const file = openRegular(path);
  try {
    for (let piece = readPiece(file); piece.byteLength > 0; piece = readPiece(file)) yield piece;
  } finally {
    closeSync(file);
  }
}

function readPiece(file: number): Uint8Array {
  try {
    const bytes = new Uint8Array(PIECE);
    return bytes.subarray(0, readSync(file, bytes, 0, PIECE, null));
  } catch (error) {
    throw unreadable(error);
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
