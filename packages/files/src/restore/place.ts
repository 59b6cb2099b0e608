import { lstat, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { CacheError, storeError } from "@cache/core/adapter";
import type { Tree } from "../tree/member.ts";

/** Where a tree is to appear. */
export interface Place {
  readonly path: string;
  readonly kind: Tree["kind"];
  readonly replace: boolean;
}

/**
 * Has a tree made in a private directory beside its place, and moves it there when it is whole. What is replaced is moved away a
 * moment before and removed after. A process that is killed leaves `.<name>.cache-<random>` beside the place.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for a place where something is that may not be replaced, `ERR_CACHE_STORE`
 */
export async function publish(place: Place, make: (path: string) => Promise<void>): Promise<void> {
  await isTaken(place);
  const around = dirname(place.path);
  const stage = await onMedium("making a directory to restore in", async () => {
    await mkdir(around, { recursive: true });
    return mkdtemp(join(around, `.${basename(place.path)}.cache-`));
  });
  try {
    const made = join(stage, "made");
    await make(made);
    await moveThere(place, made, join(stage, "replaced"));
  } finally {
    // What cannot be removed is in nobody's way: its name is its own.
    await rm(stage, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

async function moveThere(place: Place, made: string, replaced: string): Promise<void> {
  const moves = (await isTaken(place)) && place.kind === "directory";
  await onMedium("moving what was restored into place", async () => {
    // A directory that has something in it is replaced by no rename.
    if (moves) await rename(place.path, replaced);
    try {
      await rename(made, place.path);
    } catch (error) {
      if (moves) await rename(replaced, place.path);
      throw error;
    }
  });
}

/** Whether something is there that may be replaced. */
async function isTaken({ path, kind, replace }: Place): Promise<boolean> {
  const found = await onMedium("looking at the place to restore to", () => statOf(path));
  if (found === undefined) return false;
  if (!replace) throw unsafe("something is there already where the files are to be restored");
  if (kind === "directory" ? !found.isDirectory() : !found.isFile())
    throw unsafe(`what is there is no ${kind}, and is not replaced by one`);
  if (kind === "directory" && isAround(path, process.cwd()))
    throw unsafe("the working directory is in what would be replaced");
  return true;
}

async function statOf(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

const isAround = (directory: string, path: string): boolean =>
  relative(resolve(directory), path).split(sep)[0] !== ".." && !relative(resolve(directory), path).includes(":");

const unsafe = (why: string): CacheError => new CacheError("ERR_CACHE_UNSAFE_PATH", why);

async function onMedium<T>(what: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw storeError(what, error);
  }
}
