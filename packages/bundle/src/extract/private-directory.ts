import { randomUUID } from "node:crypto";
import { chmod, lstat, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { CacheError, storeError } from "@cache/core/adapter";

const RIGHTS = 0o700;

/** Makes a directory that is new and for this user alone. @throws CacheError `ERR_CACHE_STORE` */
export async function makePrivate(path: string): Promise<string> {
  try {
    await mkdir(path, RIGHTS);
    // A umask can take rights away from the owner too; a directory without them is of no use.
    await chmod(path, RIGHTS);
    return path;
  } catch (error) {
    throw storeError("making a directory", error);
  }
}

/** A path in a directory that nobody can guess. */
export const freshPath = (directory: string, beginning: string): string =>
  join(directory, `${beginning}${randomUUID()}.tmp`);

/**
 * Whether a directory is there, and if so, that nobody but us can have put anything into it.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH`, `ERR_CACHE_STORE`
 */
export async function isPrivate(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: unknown) => {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw storeError("looking at a directory", error);
  });
  if (found === undefined) return false;
  if (!found.isDirectory()) throw unsafe(path, "it is not a directory");
  const me = process.geteuid?.();
  // Windows has neither owners nor modes that say who may write.
  if (me === undefined) return true;
  if (found.uid !== me) throw unsafe(path, "it belongs to another user");
  if ((found.mode & 0o022) !== 0) throw unsafe(path, "other users can write to it");
  return true;
}

const unsafe = (path: string, why: string): CacheError =>
  new CacheError(
    "ERR_CACHE_UNSAFE_PATH",
    `${path} is not safe to keep packages in: ${why}; choose a directory of your own`,
  );

/** Removes what nobody misses. What cannot be removed stays, under a name that is swept later. */
export async function removeQuietly(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}
