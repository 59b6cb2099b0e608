import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import type { CacheOptions } from "@cache/core";
import { cacheOver, directory, slots, strangers } from "../slots.ts";
import { stored } from "./files.ts";

/** Something that keeps text under keys in files, as a program sees it. */
export interface Keyed {
  /** Where its files are. */
  readonly root: string;
  put(key: string, value: string): Promise<void>;
  get(key: string): Promise<string | undefined>;
  /** One of the same kind elsewhere, of somebody who has not got the keys. */
  stranger(): Keyed;
  /** Makes every file say that the value is another, as well as one can who knows the format and has no key. */
  forge(key: string, value: string): Promise<void>;
}

/** A cache of these packages. */
function keyedBy(slot: string, by: typeof slots, more: Partial<CacheOptions> = {}): Keyed {
  const root = join(directory(), "store");
  const store = fileStore(root);
  const cache = cacheOver(store, by[slot]?.() ?? {}, more);
  return {
    root,
    put: (key, value) => cache.set(key, value),
    get: async (key) => (await cache.get(key)) as string | undefined,
    stranger: () => keyedBy(slot, strangers),
    async forge(key, value) {
      // Nobody needs a key for one without slots; his entry has the name that a signed one would have.
      const free = keyedBy("plain", slots);
      await free.put(key, value);
      await cacheOver(store, {}).set(key, value);
      const [forged] = stored(free.root) as [string];
      for (const path of stored(root)) writeFileSync(path, readFileSync(forged));
    },
  };
}

/** Every combination of slots. */
export function everyCache(more: () => Partial<CacheOptions> = () => ({})): Record<string, () => Keyed> {
  return Object.fromEntries(Object.keys(slots).map((slot) => [slot, () => keyedBy(slot, slots, more())]));
}

/** Every combination of slots in which somebody holds a key. */
export function keyedCaches(): Record<string, () => Keyed> {
  const { plain: _, ...rest } = everyCache();
  return rest;
}
