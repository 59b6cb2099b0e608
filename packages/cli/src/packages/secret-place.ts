import { stat } from "node:fs/promises";
import { CacheError } from "@cache/core";
import { UsageError } from "../usage-error.ts";

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new CacheError("ERR_CACHE_STORE", "it cannot be told where the files of keys are", { cause: error });
  }
}

/**
 * Refuses to put anything in the place of a file of keys or of a passphrase, under whatever name it is reached.
 * @throws UsageError, CacheError `ERR_CACHE_STORE` when it cannot be told
 */
export async function requireNoSecret(path: string, secretFiles: readonly string[]): Promise<void> {
  const there = await identityOf(path);
  if (there === undefined) return;
  const secrets = await Promise.all(secretFiles.map(identityOf));
  if (secrets.includes(there))
    throw new UsageError("what is to be written would take the place of a file of keys", "name another file");
}
