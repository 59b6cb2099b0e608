import { realpathSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { CacheError } from "@cache/core";
import type { Report } from "../foreign/report.ts";

/**
 * Removes files below a directory, and those directories between that became empty.
 * @param paths - below `root`, with `/` between
 */
export async function removeFiles(
  root: string,
  paths: readonly string[],
  report: Report,
  dryRun: boolean,
): Promise<void> {
  const directories = new Set<string>();
  for (const path of paths) {
    if (!dryRun) unlinkBelow(root, path);
    directories.add(dirname(path));
    await report.tell({ name: path, outcome: "removed" });
  }
  if (!dryRun) for (const directory of directories) removeEmpty(root, directory);
}

function unlinkBelow(root: string, path: string): void {
  try {
    // A directory that was exchanged for a link since it was listed would lead out of what was named.
    if (realpathSync.native(join(root, dirname(path))) !== join(root, dirname(path)))
      throw new CacheError(
        "ERR_CACHE_UNSAFE_PATH",
        `${dirname(path)} was replaced while this ran; nothing in it was removed`,
      );
    unlinkSync(join(root, path));
  } catch (error) {
    if (error instanceof CacheError) throw error;
    // Gone is what was wanted.
    if ((error as { code?: string }).code === "ENOENT") return;
    throw new CacheError("ERR_CACHE_STORE", "a file cannot be removed", { cause: error });
  }
}

function removeEmpty(root: string, directory: string): void {
  for (let each = directory; each !== "."; each = dirname(each)) {
    try {
      rmdirSync(join(root, each));
    } catch {
      // It holds something that is not ours to remove, or is gone: either way it stays as it is.
      return;
    }
  }
}
