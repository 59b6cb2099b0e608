import { constants, fsync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { closeQuietly } from "./descriptor.ts";
import { errno } from "./failures.ts";

const syncLater = promisify(fsync);

/**
 * Keeps the names of files through a loss of power: a name is part of its directory, whose own name is part of the
 * next one up, and each must reach the medium.
 */
export class DirectorySync {
  /** Which directory's name this process brought to the medium, by path; another's may still be on their way. */
  readonly #settled = new Map<string, string>();

  /** Resolves when the names in a directory, and the names on the way to it, are on the medium. */
  async settle(directory: string): Promise<void> {
    // Windows opens no directories, and its file systems keep names in a journal.
    if (process.platform === "win32") return;
    await syncDirectory(directory);
    for (let path = directory; dirname(path) !== path; path = dirname(path)) {
      const found = identityOf(path);
      if (this.#settled.get(path) === found) return;
      await syncParent(dirname(path));
      this.#settled.set(path, found);
    }
  }
}

/**
 * Tells a directory from one that was removed and made again, whose name is another one to the medium. A file system may give
 * it the same number, but the time it was made differs.
 */
function identityOf(path: string): string {
  const { dev, ino, birthtimeNs } = statSync(path, { bigint: true });
  return `${dev} ${ino} ${birthtimeNs}`;
}

async function syncDirectory(path: string): Promise<void> {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    await syncLater(fd);
  } catch (error) {
    // What a file system answers that knows no such thing as a directory that is not on the medium.
    if (errno(error) !== "EINVAL" && errno(error) !== "ENOTSUP") throw error;
  } finally {
    closeQuietly(fd);
  }
}

/** Far enough up lies what is not ours to open; then it was not made by us either. */
async function syncParent(path: string): Promise<void> {
  try {
    await syncDirectory(path);
  } catch (error) {
    if (errno(error) !== "EACCES" && errno(error) !== "EPERM") throw error;
  }
}
