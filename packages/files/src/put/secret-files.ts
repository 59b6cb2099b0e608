import { stat } from "node:fs/promises";
import { CacheError, storeError } from "@cache/core/adapter";
import { identityOf, type SeenFile } from "../tree/seen-file.ts";

/**
 * @param secretFiles - paths of files, none of which may be among those that were found
 * @throws CacheError `ERR_CACHE_SECRET`, and `ERR_CACHE_STORE` for what cannot be looked at, and so cannot be told from others
 */
export async function requireNoSecrets(files: readonly SeenFile[], secretFiles: readonly string[]): Promise<void> {
  const secrets = new Set(await Promise.all(secretFiles.map(identityAt)));
  const met = files.find(({ identity }) => secrets.has(identity));
  if (met === undefined) return;
  const which = met.path || "what is to be kept";
  throw new CacheError("ERR_CACHE_SECRET", `${which} is a file of keys, and whoever reads the cache would have them`);
}

async function identityAt(path: string): Promise<string | undefined> {
  try {
    return identityOf(await stat(path, { bigint: true }));
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw storeError("looking at a file of secrets", error);
  }
}
