import type { MonotonicStore } from "@cache/core/adapter";
import type { ChainConfig } from "../config.ts";
import { requireSeenApart } from "./seen-apart.ts";
import type { KeySources } from "./sources.ts";

/**
 * What remembers the newest lists of revocations, if anything does.
 * @throws CacheError `ERR_CACHE_CONFIG` when it lies in the directory of the cache
 */
export async function listMemory(
  { seen }: ChainConfig,
  { directory }: KeySources,
): Promise<MonotonicStore | undefined> {
  if (seen === undefined) return undefined;
  if (directory !== undefined) requireSeenApart(seen, directory);
  const { monotonicStore } = await import("@cache/cas");
  return monotonicStore(seen);
}
