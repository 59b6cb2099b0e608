import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CacheError, storeError } from "@cache/core/adapter";
import { compareTree } from "../extract/compare-tree.ts";
import { planOf } from "../extract/plan.ts";
import { removeQuietly } from "../extract/private-directory.ts";
import { stage } from "../extract/stage.ts";
import type { Head } from "../file/head.ts";
import type { PackageFile } from "../file/package-file.ts";
import { checkVerifyOptions, type VerifyOptions } from "../options.ts";
import { describeVerified, type VerifiedBundle } from "./description.ts";
import { checkLevel, type Level } from "./levels.ts";
import { checkExpanded, checkStored, pieceCounter } from "./passes.ts";
import { lookAgain } from "./second-look.ts";
import { withPackage } from "./with-package.ts";

/** Extracts to a private directory, reads that back, and removes it. */
async function tryExtraction(file: PackageFile, head: Head, options: VerifyOptions): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "cache-bundle-")).catch((error: unknown) => {
    throw storeError("making a directory", error);
  });
  try {
    const { signal, maxBytes } = options;
    await stage(file, head, join(directory, "files"), { signal, maxBytes });
    const difference = await compareTree(join(directory, "files"), planOf(head), signal);
    if (difference !== undefined)
      throw new CacheError("ERR_CACHE_AUTH", "what was extracted is another thing than the package");
  } finally {
    await removeQuietly(directory);
  }
}

async function checkTo(level: Level, path: string, file: PackageFile, head: Head, options: VerifyOptions) {
  const { signal } = options;
  if (level === "quick") return;
  const onPiece = pieceCounter(options);
  await checkStored(file, head, signal, onPiece);
  if (level === "standard") return;
  await checkExpanded(file, head, signal, onPiece);
  if (level === "deep") return;
  await lookAgain(path, head, file.size, signal);
  await tryExtraction(file, head, options);
}

/**
 * Verifies a package and says what it is. It never answers for one that does not hold: there is no level and no option that goes on
 * after a failure.
 * @returns what the package says; `trust` tells whether somebody who is believed signed it
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNSUPPORTED_VERSION`, `ERR_CACHE_UNKNOWN_KEY`, `ERR_CACHE_REVOKED_KEY`,
 * `ERR_CACHE_AUTH`, `ERR_CACHE_EXPIRED`, `ERR_CACHE_NOT_YET_VALID`, `ERR_CACHE_LIMIT`, `ERR_CACHE_CODEC`, `ERR_CACHE_STORE`
 * @throws TypeError for a level that is none
 */
export async function verifyBundle(path: string, options: VerifyOptions): Promise<VerifiedBundle> {
  checkVerifyOptions(options);
  const level = checkLevel(options.level === undefined ? "standard" : options.level);
  return await withPackage(path, options, async (file, head) => {
    await checkTo(level, path, file, head, options);
    return describeVerified(head, file.size, options);
  });
}
