import { closeSync, constants, read, readSync, write, writeSync } from "node:fs";
import { promisify } from "node:util";
import { errno } from "./failures.ts";

/** Bytes moved in one step: few enough not to hold up the event loop or fill the memory, enough to hide the cost of a step. */
export const BLOCK = 1_048_576;

/** The longest value that is read or written without a turn of the event loop: a block, with what sealing adds to it. */
export const AT_ONCE: number = BLOCK + 16_384;

/**
 * For reading what others may have prepared: a symbolic link is not followed, and a FIFO without a writer does not block.
 * Windows has neither flag.
 */
export const READ_FLAGS: number = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const readLater = promisify(read);
const writeLater = promisify(write);

const stalled = (): Error => Object.assign(new Error("the file system took no bytes"), { code: "EIO" });

/** Writes all of the bytes at a position; a medium may take them in parts. */
export function writeAll(fd: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.byteLength; ) {
    const taken = writeSync(fd, bytes, at, bytes.byteLength - at, position + at);
    if (taken === 0) throw stalled();
    at += taken;
  }
}

/** As {@link writeAll}, while the event loop goes on. */
export async function writeAllLater(fd: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    const { bytesWritten } = await writeLater(fd, bytes, at, bytes.byteLength - at, position + at);
    if (bytesWritten === 0) throw stalled();
    at += bytesWritten;
  }
}

/** One read at a position. A read that a signal interrupted is begun again; libuv does so for everything but reads. */
export function readOnce(fd: number, into: Uint8Array, at: number, position: number): number {
  for (;;) {
    try {
      return readSync(fd, into, at, into.byteLength - at, position);
    } catch (error) {
      if (errno(error) !== "EINTR") throw error;
    }
  }
}

/** Reads until the buffer is full or the file ends. @returns how many bytes */
export function readAll(fd: number, into: Uint8Array, position: number): number {
  let at = 0;
  while (at < into.byteLength) {
    const got = readOnce(fd, into, at, position + at);
    if (got === 0) break;
    at += got;
  }
  return at;
}

/** As {@link readAll}, while the event loop goes on. */
export async function readAllLater(fd: number, into: Uint8Array, position: number): Promise<number> {
  let at = 0;
  while (at < into.byteLength) {
    try {
      const { bytesRead } = await readLater(fd, into, at, into.byteLength - at, position + at);
      if (bytesRead === 0) break;
      at += bytesRead;
    } catch (error) {
      if (errno(error) !== "EINTR") throw error;
    }
  }
  return at;
}

/** Closes what was only read from: there is nothing that a failure could lose. */
export function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // The descriptor is gone either way.
  }
}
