import type { Size } from "@cache/core/adapter";
import type { Eviction } from "./limits/eviction.ts";

/** How many directories lie between a kind and its files: `blobs/ab/<hex>` or `blobs/ab/cd/<hex>`. */
export type Levels = 1 | 2;

/** How a file store works. */
export interface FileStoreOptions {
  /**
   * Levels of directories. One serves well up to about a million values of a kind; two costs a directory for nearly
   * every value until there are many more than that. Recorded in the store when it is made; another number given
   * later is `ERR_CACHE_LAYOUT`.
   * @defaultValue what the store has recorded; 1 for a new one
   */
  readonly levels?: Levels | undefined;
  /**
   * Resolve a put only when its bytes, and the directories that lead to them, would survive a loss of power. Costs
   * milliseconds a put. Without it a value may be missing or torn after such a loss, which verification finds.
   * @defaultValue false
   */
  readonly durable?: boolean | undefined;
  /**
   * Most room that values, and what was set aside, may take: bytes, or text such as `"2GB"`. Each counts as its length
   * rounded up to 4096 bytes, which is what it takes on most file systems. At least 16 384; a value of more than this less
   * 12 288 bytes, which its entry and their notes may take, is `ERR_CACHE_LIMIT`.
   * @defaultValue no limit
   */
  readonly maxBytes?: Size | undefined;
  /**
   * Most values, at least 2. An entry of the cache is one or two values, and as many notes when it is sealed.
   * @defaultValue no limit
   */
  readonly maxEntries?: number | undefined;
  /**
   * Called after values went to make room, and after something could not be removed or counted. What it throws is
   * ignored: no call of the store waits for it or fails with it.
   */
  readonly onEviction?: ((eviction: Eviction) => void) | undefined;
}

/** @throws TypeError for what is neither 1, 2 nor left out */
export function checkedLevels(levels: unknown): Levels | undefined {
  if (levels === undefined || levels === 1 || levels === 2) return levels;
  throw new TypeError("levels is 1 or 2");
}
