import { CacheError } from "../errors.ts";

/**
 * The error for a medium that failed. What is already a `CacheError`, and the platform's abort, pass as they are.
 * @param doing - what the store was doing, without names of keys: "reading an entry"
 * @param signal - the call's signal: its reason passes as it is
 */
export function storeError(doing: string, cause: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted === true && cause === signal.reason) return cause;
  if (cause instanceof Error && (cause.name === "CacheError" || cause.name === "AbortError")) return cause;
  const code = (cause as { code?: unknown } | null)?.code;
  const why = typeof code === "string" ? ` (${code})` : "";
  return new CacheError("ERR_CACHE_STORE", `the store failed while ${doing}${why}`, { cause });
}
