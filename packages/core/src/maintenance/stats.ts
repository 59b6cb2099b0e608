import type { Kind } from "../ports/store.ts";
import { counter, type MaintenanceOptions } from "./options.ts";

/** Count, stored bytes and age of one kind. Times are milliseconds since 1970 UTC, absent when there is nothing. */
export interface KindStats {
  readonly count: number;
  readonly bytes: number;
  readonly oldest?: number | undefined;
  readonly newest?: number | undefined;
}

/** What a store holds, by its listing alone: nothing is read and nothing is verified. */
export type StoreStats = Readonly<Record<Kind, KindStats>>;

async function kindStats(
  kind: Kind,
  options: Pick<MaintenanceOptions, "store" | "signal" | "onProgress">,
): Promise<KindStats> {
  const count = counter(kind, options);
  const stats = { count: 0, bytes: 0, oldest: Number.POSITIVE_INFINITY, newest: Number.NEGATIVE_INFINITY };
  for await (const { size, modified } of options.store.list(kind, { signal: options.signal })) {
    count(size);
    stats.count += 1;
    stats.bytes += size;
    stats.oldest = Math.min(stats.oldest, modified);
    stats.newest = Math.max(stats.newest, modified);
  }
  return stats.count === 0 ? { count: 0, bytes: 0 } : stats;
}

/** Counts what a store holds. */
export async function storeStats(
  options: Pick<MaintenanceOptions, "store" | "signal" | "onProgress">,
): Promise<StoreStats> {
  return {
    entries: await kindStats("entries", options),
    blobs: await kindStats("blobs", options),
    notes: await kindStats("notes", options),
  };
}
