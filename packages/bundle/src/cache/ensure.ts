import { lstat, rename, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CacheError, isCacheError, storeError } from "@cache/core/adapter";
import { compareTree, type Difference } from "../extract/compare-tree.ts";
import { planOf } from "../extract/plan.ts";
import { isPrivate, makePrivate, removeQuietly } from "../extract/private-directory.ts";
import { type StageOptions, stage } from "../extract/stage.ts";
import type { Head } from "../file/head.ts";
import type { PackageFile } from "../file/package-file.ts";
import type { Layout } from "./layout.ts";

/** Where in the directory of an extracted package its members lie. */
const FILES = "files";
/** Beside them, for listings only: the record of the package. */
export const RECORD = "record";

/** How often an extraction is made that does not last until it was looked at: something else is changing it. */
const ATTEMPTS = 8;

/** Extracted for whoever is first; the others take what they find, after they verified it themselves. */
const TAKEN = ["ENOTEMPTY", "EEXIST", "EPERM"];

/** An open package and what is wanted of it. */
export interface Wanted {
  readonly file: PackageFile;
  readonly head: Head;
  readonly digest: string;
  readonly options: StageOptions;
  /** Told of an extraction that is no longer what the package has there. */
  readonly onChanged: (difference: Difference) => void;
}

const ALL_OF_IT: Difference = { path: "", what: "changed" };

async function isThere(entry: string): Promise<boolean> {
  try {
    return (await lstat(entry)) !== undefined;
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return false;
    throw storeError("looking at an extracted package", error);
  }
}

async function differenceIn(entry: string, { head, options }: Wanted): Promise<Difference | undefined> {
  try {
    await isPrivate(entry);
  } catch (error) {
    // A link, or a directory that others can write to, is made anew like any other change.
    if (isCacheError(error, "ERR_CACHE_UNSAFE_PATH")) return ALL_OF_IT;
    throw error;
  }
  return await compareTree(join(entry, FILES), planOf(head), options.signal);
}

/** Moves away what lies in the place of an extracted package, and removes it. */
async function discard(layout: Layout, digest: string): Promise<void> {
  const aside = layout.fresh(digest);
  try {
    await rename(layout.entry(digest), aside);
  } catch (error) {
    // Another process was first.
    if ((error as { code?: string }).code === "ENOENT") return;
    throw storeError("removing an extracted package", error);
  }
  await removeQuietly(aside);
}

async function extract(layout: Layout, { file, head, digest, options }: Wanted): Promise<void> {
  const made = await makePrivate(layout.fresh(digest));
  try {
    await stage(file, head, join(made, FILES), options);
    await writeFile(join(made, RECORD), head.record, { flag: "wx", mode: 0o600 });
    await rename(made, layout.entry(digest));
  } catch (error) {
    await removeQuietly(made);
    const code = (error as { code?: string }).code ?? "";
    if (!TAKEN.includes(code) || !(await isThere(layout.entry(digest))))
      throw storeError("extracting a package", error, options.signal);
  }
}

/**
 * The directory with the members of a package, every byte of it compared with what the package states, just now. No mark and no
 * time is believed. What differs is removed and made anew.
 * @throws CacheError what `extractBundle` throws
 */
export async function ensureExtracted(layout: Layout, wanted: Wanted): Promise<string> {
  const entry = layout.entry(wanted.digest);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await isThere(entry)) {
      // Before it is compared: what was used just now is not what a clean-up begins with.
      const now = new Date();
      await utimes(entry, now, now).catch(() => undefined);
      const difference = await differenceIn(entry, wanted);
      if (difference === undefined) return join(entry, FILES);
      wanted.onChanged(difference);
      await discard(layout, wanted.digest);
    }
    await extract(layout, wanted);
  }
  throw new CacheError("ERR_CACHE_AUTH", "what was extracted was changed again and again before it could be used");
}
