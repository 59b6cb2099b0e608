import { lstat, rename } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { CacheError, storeError } from "@cache/core/adapter";
import { checkExtractOptions, type ExtractOptions } from "../options.ts";
import { describeVerified, type VerifiedBundle } from "../verify/description.ts";
import { withPackage } from "../verify/with-package.ts";
import { freshPath, removeQuietly } from "./private-directory.ts";
import { stage } from "./stage.ts";

/** @throws CacheError `ERR_CACHE_UNSAFE_PATH` when anything is there, be it a link that leads nowhere */
async function requireFree(target: string): Promise<void> {
  const found = await lstat(target).catch((error: unknown) => {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw storeError("looking at the directory to extract to", error);
  });
  if (found !== undefined)
    throw new CacheError("ERR_CACHE_UNSAFE_PATH", "something is there already where the package is to be extracted");
}

/**
 * Extracts a package: verified first, written to a private directory beside the target, which is renamed to it at the end. So the
 * target appears whole or not at all; a process that is killed leaves `.<name>.<random>.tmp` beside it.
 * @param directory - where nothing may be yet
 * @throws CacheError what {@link verifyBundle} throws, `ERR_CACHE_UNSAFE_PATH`, `ERR_CACHE_LIMIT`, `ERR_CACHE_STORE`
 */
export async function extractBundle(path: string, directory: string, options: ExtractOptions): Promise<VerifiedBundle> {
  checkExtractOptions("extractBundle", options);
  const target = resolve(directory);
  return await withPackage(path, options, async (file, head) => {
    await requireFree(target);
    await publish(target, (temporary) => stage(file, head, temporary, options));
    return describeVerified(head, file.size, options);
  });
}

async function publish(target: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = freshPath(dirname(target), `.${basename(target)}.`);
  await fill(temporary);
  try {
    await requireFree(target);
    await rename(temporary, target);
  } catch (error) {
    await removeQuietly(temporary);
    throw storeError("moving what was extracted into place", error);
  }
}
