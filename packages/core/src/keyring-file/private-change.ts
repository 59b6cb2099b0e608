import { realpath, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { withFileLock } from "./lock.ts";
import { type PrivateFileOptions, readPrivateFile, unusable } from "./private-file.ts";
import { makePrivateDirectory, publish } from "./publish.ts";

/** The bytes a file shall have, of those it has; `undefined` when there is no file. */
export type PrivateChange = (bytes: Uint8Array | undefined) => Uint8Array;

/**
 * Changes a private file that is no keyring, or makes it: whole or not at all, 0600, on disk before it is there. A directory
 * that is missing is made 0700. Changes by several processes at once happen one after another; a symbolic link stays.
 * @throws CacheError as {@link readPrivateFile}, and `ERR_CACHE_CONFIG` when it cannot be changed
 */
export async function updatePrivateFile(
  path: string,
  change: PrivateChange,
  { called = "the file", permissions }: PrivateFileOptions = {},
): Promise<void> {
  try {
    await makePrivateDirectory(dirname(path));
    const real = (await realPath(path)) ?? path;
    const exchange = async (): Promise<void> => {
      const isThere = (await realPath(real)) !== undefined;
      const next = change(isThere ? readPrivateFile(real, { permissions, called }) : undefined);
      await publish(real, next, rename);
    };
    await withFileLock(real, exchange, called);
  } catch (error) {
    throw unusable("changed", error, path, called);
  }
}

async function realPath(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}
