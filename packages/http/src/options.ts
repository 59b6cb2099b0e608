import { emitWarning } from "node:process";
import { isCacheError } from "@cache/core";
import { checkOptions, type Duration, parseDuration, parseSize, type Size } from "@cache/core/adapter";

/** What may be said of a store. */
export interface HttpCacheStoreOptions {
  /**
   * The namespace within the cache that responses lie in: not empty, without `/`.
   * @defaultValue `"http"`
   */
  readonly namespace?: string | undefined;
  /**
   * Longest body that is stored; it is held in memory. The cache has a bound of its own, `maxBufferedBytes`.
   * @defaultValue 5 MiB
   */
  readonly maxEntrySize?: Size | undefined;
  /**
   * How long a request waits for the cache before it goes to its origin, and a change for the cache before it is given up.
   * @defaultValue 2 seconds
   */
  readonly timeout?: Duration | undefined;
  /**
   * Hears of failures of the cache. Requests go to their origin then.
   * @defaultValue a warning of the process
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const OPTIONS = ["namespace", "maxEntrySize", "timeout", "onError"] as const;

/** The same, checked: `maxEntrySize` in bytes, `timeout` in milliseconds. */
export interface Settings {
  readonly namespace: string;
  readonly maxEntrySize: number;
  readonly timeout: number;
  readonly onError: (error: unknown) => void;
}

/** @throws TypeError for an option that there is none of, or out of its bounds */
export function settle(options: HttpCacheStoreOptions): Settings {
  checkOptions("httpCacheStore", options, OPTIONS);
  const { namespace = "http", maxEntrySize = 5_242_880, timeout = 2_000, onError = warn } = options;
  return { namespace, maxEntrySize: parseSize(maxEntrySize), timeout: parseDuration(timeout), onError };
}

function warn(error: unknown): void {
  const code = isCacheError(error) ? error.code : "ERR_CACHE_STORE";
  emitWarning("the HTTP cache failed, and requests go to their origin", {
    type: "CacheWarning",
    code,
    detail: String(error),
  });
}
