import type { Cache } from "../cache/cache.ts";

/** How many keys of a listing are held at once. */
const BATCH = 256;

/**
 * Removes the entries of some of a cache's keys: those below a prefix, say. Goes through all entries of the store.
 * @param isMeant - whether to remove that of a key
 */
export async function deleteKeys(
  cache: Pick<Cache, "keys" | "deleteMany">,
  isMeant: (key: string) => boolean,
): Promise<void> {
  let batch: string[] = [];
  for await (const key of cache.keys()) {
    if (!isMeant(key)) continue;
    if (batch.push(key) < BATCH) continue;
    await cache.deleteMany(batch);
    batch = [];
  }
  await cache.deleteMany(batch);
}
