import { randomUUID } from "node:crypto";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CacheError } from "../errors.ts";
import type { Keyring } from "../keyring/keyring.ts";
import { encodeKeyring } from "../keyring/keyring-json.ts";
import { withLock } from "./lock.ts";
import { type KeyringFileOptions, readKeyringFile, unusable } from "./read.ts";

/** Writes a private file beside `path`, on disk before it is published. */
async function publish(
  path: string,
  text: string,
  place: (temporary: string, path: string) => Promise<void>,
): Promise<void> {
  const directory = dirname(path);
  const temporary = join(directory, `.keyring-${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary, path);
    await syncDirectory(directory);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory; there the rename itself is what there is.
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/**
 * Makes a new keyring file, 0600, in a directory that is made 0700 when missing. A file that is there stays.
 * @throws CacheError `ERR_CACHE_CONFIG`, with cause `EEXIST` when the file exists
 */
export async function createKeyringFile(path: string, keyring: Keyring): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // A link, unlike a rename, never takes the place of a file.
    await publish(path, encodeKeyring(keyring), link);
  } catch (error) {
    throw unusable("made", error);
  }
}

/**
 * Changes a keyring file: reads it, applies `change` and publishes the result, whole or not at all. Changes by several
 * processes at once happen one after another.
 * @param change - gives the keyring of the next generation
 * @throws CacheError `ERR_CACHE_ROLLBACK` when `change` does not go forward, and as {@link readKeyringFile}
 */
export async function updateKeyringFile(
  path: string,
  change: (keyring: Keyring) => Keyring,
  options: KeyringFileOptions = {},
): Promise<Keyring> {
  // Read once before the lock is made, so that a wrong path leaves no lock file behind.
  await readKeyringFile(path, options);
  return withLock(`${path}.lock`, async () => {
    const current = await readKeyringFile(path, options);
    const next = change(current);
    if (next.generation <= current.generation) {
      throw new CacheError("ERR_CACHE_ROLLBACK", "a changed keyring has a higher generation");
    }
    try {
      await publish(path, encodeKeyring(next), rename);
    } catch (error) {
      throw unusable("written", error);
    }
    return next;
  });
}
