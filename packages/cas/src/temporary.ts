import { closeSync, constants, fsync, futimesSync, openSync } from "node:fs";
import { sep } from "node:path";
import { promisify } from "node:util";
import { closeQuietly, writeAll, writeAllLater } from "./descriptor.ts";
import { isAbsence } from "./failures.ts";
import { unlinkQuietly } from "./moving.ts";
import { randomName } from "./paths.ts";
import { isExhaustion, retry } from "./patience.ts";
import type { StoreRoot } from "./root.ts";

const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
const NEW_FILE = O_CREAT | O_EXCL | O_WRONLY | (O_NOFOLLOW ?? 0);

const syncLater = promisify(fsync);

/** A file of our own that no reader looks at, until it is moved to where they do. */
export class TemporaryFile {
  readonly path: string;
  #fd: number | undefined;

  /** Fails rather than use what is there; of 128 random bits nobody else thinks. */
  constructor(directory: string) {
    this.path = directory + sep + randomName();
    this.#fd = openSync(this.path, NEW_FILE, 0o600);
  }

  write(bytes: Uint8Array, position: number): void {
    writeAll(this.#open(), bytes, position);
  }

  writeLater(bytes: Uint8Array, position: number): Promise<void> {
    return writeAllLater(this.#open(), bytes, position);
  }

  /** Brings the bytes to the medium itself. */
  sync(): Promise<void> {
    return syncLater(this.#open());
  }

  /** Ends the writing. */
  finish(): void {
    const fd = this.#open();
    stamp(fd);
    this.#fd = undefined;
    // Some media, network ones above all, say only here that they did not keep the bytes.
    closeSync(fd);
  }

  /** Removes the file, finished or not. No write may be under way. */
  discard(): void {
    if (this.#fd !== undefined) closeQuietly(this.#fd);
    this.#fd = undefined;
    unlinkQuietly(this.path);
  }

  #open(): number {
    if (this.#fd === undefined) throw new Error("the temporary file is finished");
    return this.#fd;
  }
}

/**
 * Sets the time of a file to the microsecond, because versions rest on it: kernels stamp files with a clock that ticks
 * every few milliseconds, and some file systems give the number of a file that was replaced to the next one at once.
 */
function stamp(fd: number): void {
  const seconds = (Date.now() + (performance.now() % 1)) / 1000;
  try {
    futimesSync(fd, seconds, seconds);
  } catch {
    // Not every file system lets times be set. The bytes are as good without.
  }
}

/**
 * A new temporary file, in a store that is made if it is not there, or no longer.
 * @returns `undefined` when too many files are open for the moment
 */
export function temporaryNow(root: StoreRoot): TemporaryFile | undefined {
  try {
    return makeTemporary(root);
  } catch (error) {
    if (isExhaustion(error)) return undefined;
    throw error;
  }
}

/** The same, after a wait if need be. */
export async function newTemporary(root: StoreRoot, signal?: AbortSignal): Promise<TemporaryFile> {
  return temporaryNow(root) ?? (await retry(() => makeTemporary(root), isExhaustion, signal));
}

function makeTemporary(root: StoreRoot): TemporaryFile {
  try {
    return new TemporaryFile(root.prepare().paths.temporary);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return new TemporaryFile(root.repair().paths.temporary);
  }
}
