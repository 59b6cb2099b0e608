import { randomUUID } from "node:crypto";
import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { storeError } from "@cache/core/adapter";

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

/** Removes what nobody misses. What cannot be removed stays, under a name that is swept later. */
export async function removeQuietly(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}
