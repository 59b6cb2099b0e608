import { lstat, open, rename } from "node:fs/promises";
import { CacheError, storeError } from "@cache/core/adapter";
import { removeQuietly } from "../extract/private-directory.ts";
import { isPackage } from "../file/is-package.ts";

const noPlace = (what: string): CacheError =>
  new CacheError("ERR_CACHE_UNSAFE_PATH", `${what} lies where the package is to go`);

/**
 * A package takes the place of a package, and of nothing else: a slip must not cost anybody their keys.
 * @returns whether one is there
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH`
 */
export async function requirePlace(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: unknown) => {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw storeError("looking where the package is to go", error);
  });
  if (found === undefined) return false;
  if (!found.isFile()) throw noPlace("something that is no file");
  if (!(await isPackage(path))) throw noPlace("a file that is no package");
  return true;
}

/** Where a package is written, and until when. */
export interface Writing {
  readonly path: string;
  /** Beside it. Nobody else reads there before it is whole. */
  readonly temporary: string;
  readonly signal: AbortSignal | undefined;
}

/** Writes pieces beside a path and renames them there, so that a package appears whole or not at all. */
export async function writePackage(
  { path, temporary, signal }: Writing,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  try {
    const handle = await open(temporary, "wx", 0o644);
    try {
      // What the umask leaves of its rights it gets in the end.
      const { mode } = await handle.stat();
      await handle.chmod(0o600);
      for await (const piece of pieces) await handle.writeFile(piece);
      await handle.sync();
      await handle.chmod(mode & 0o777);
    } finally {
      await handle.close();
    }
    await requirePlace(path);
    await rename(temporary, path);
  } catch (error) {
    await removeQuietly(temporary);
    throw storeError("writing the package", error, signal);
  }
}
