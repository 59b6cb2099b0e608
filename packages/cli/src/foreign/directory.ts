import { readdirSync, realpathSync, statSync } from "node:fs";
import { CacheError } from "@cache/core";
import { pathArgument } from "../path-argument.ts";
import { UsageError } from "../usage-error.ts";

/** The name of a file that fleche or DeltaGlider wrote. */
export const DIGEST_NAME: RegExp = /^[0-9a-f]{64}$/;

/** The directory that an operator named: itself, and not what a link to it may be tomorrow. */
export function namedDirectory(path: string | undefined): string {
  if (path === undefined || path === "") throw new UsageError("the directory is set to nothing");
  pathArgument(path, "the directory");
  try {
    const directory = realpathSync.native(path);
    if (statSync(directory).isDirectory()) return directory;
  } catch (error) {
    throw unreadable(error);
  }
  throw new UsageError("that is a file and no directory");
}

/** The names in a directory, sorted. @throws UsageError when there is none, CacheError when it cannot be looked into */
export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch (error) {
    throw unreadable(error);
  }
}

/** That a directory is not there is the operator's mistake; that nobody can look is the medium's, and no empty directory. */
function unreadable(error: unknown): Error {
  const { code } = error as { code?: string };
  if (code === "ENOENT" || code === "ENOTDIR") return new UsageError(`there is no such directory (${code})`);
  return new CacheError("ERR_CACHE_STORE", "the directory cannot be read", { cause: error });
}
