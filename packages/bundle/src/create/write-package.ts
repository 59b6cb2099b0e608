import { lstat, open, rename } from "node:fs/promises";
import { CacheError, storeError } from "@cache/core/adapter";
import { removeQuietly } from "../extract/private-directory.ts";

/** A file takes the place of a file, and of nothing else. @throws CacheError `ERR_CACHE_UNSAFE_PATH` */
export async function requirePlace(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw storeError("looking where the package is to go", error);
  });
  if (found !== undefined && !found.isFile())
    throw new CacheError("ERR_CACHE_UNSAFE_PATH", "something that is no file lies where the package is to go");
}

/** Writes pieces beside a path and renames them there, so that a package appears whole or not at all. */
export async function writePackage(path: string, temporary: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    const handle = await open(temporary, "wx", 0o644);
    try {
      for await (const piece of pieces) await handle.writeFile(piece);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await requirePlace(path);
    await rename(temporary, path);
  } catch (error) {
    await removeQuietly(temporary);
    throw storeError("writing the package", error);
  }
}
