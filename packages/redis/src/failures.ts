import { CacheError, storeError } from "@cache/core/adapter";

/** The server's own words for what is wrong, which old servers write into the middle of a script's error. */
const WORDS =
  /(?:^|-)(BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|MISCONF|NOAUTH|NOPERM|NOREPLICAS|OOM|READONLY|WRONGPASS|WRONGTYPE)\b/;

/** The store's failure for what a client rejected with; the caller's own reason passes as it is. */
export function serverError(doing: string, cause: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true && cause === signal.reason) return cause;
  const word = cause instanceof Error ? wordOf(cause.message) : undefined;
  // Not storeError for everything: an abort that the client itself thought of is a failure to its caller.
  if (word === undefined && !(cause instanceof Error && cause.name === "AbortError"))
    return storeError(doing, cause, signal);
  const why = word === undefined ? "" : ` (${word})`;
  return new CacheError("ERR_CACHE_STORE", `the store failed while ${doing}${why}`, { cause });
}

/** What a script is told that lacks a right: of Redis 7, and of Valkey 9. */
const NO_RIGHT = / executing the script can't |\bACL failure in script\b/;

function wordOf(message: string): string | undefined {
  return NO_RIGHT.test(message) ? "NOPERM" : WORDS.exec(message)?.[1];
}

/** For an answer that no server gives that holds what this package put there. */
export function unexpected(doing: string, what: string): CacheError {
  return storeError(doing, new Error(what)) as CacheError;
}

/** The caller's own limit. */
export function tooLong(): CacheError {
  return new CacheError("ERR_CACHE_LIMIT", "the value is longer than the caller allows");
}
