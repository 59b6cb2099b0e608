import { CacheError } from "@cache/core/adapter";

/** The platform's name of what went wrong: `"ENOENT"`. */
export function errno(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

/** Nothing is there, nor a directory that could hold it. */
export function isAbsence(error: unknown): boolean {
  const code = errno(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** The medium, or what the user may take of it, is full. */
export function isFull(error: unknown): boolean {
  const code = errno(error);
  return code === "ENOSPC" || code === "EDQUOT";
}

/** A path that others could have prepared. The message names it, and what to do. */
export function unsafePath(path: string, why: string, remedy: string): CacheError {
  return new CacheError("ERR_CACHE_UNSAFE_PATH", `${path} is not safe to keep a cache in: ${why}; ${remedy}`);
}
