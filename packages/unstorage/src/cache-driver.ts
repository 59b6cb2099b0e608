import { bytesCodec, type Cache, type Found } from "@cache/core";
import { checkOptions, deleteKeys, forEachLimited, timeLeft } from "@cache/core/adapter";
import { bytesOf, textOf } from "./raw.ts";

/** What may be said of a driver. */
export interface CacheDriverOptions {
  /**
   * The namespace within the cache that items lie in: not empty, without `/`. `clear` removes nothing outside it.
   * @defaultValue `"unstorage"`
   */
  readonly namespace?: string | undefined;
  /**
   * How long items live that are set without a `ttl` of their own, in seconds as everywhere in unstorage. 0 is none.
   * @defaultValue as long as the cache says
   */
  readonly ttl?: number | undefined;
  /**
   * Whether `dispose` closes the cache, which is yours otherwise.
   * @defaultValue false
   */
  readonly closeCache?: boolean | undefined;
}

/** A driver as `createStorage` and `mount` of unstorage take it. Times to live are in seconds. */
export interface CacheDriver {
  readonly name: "@cache/unstorage";
  readonly flags: { readonly ttl: true };
  readonly options: CacheDriverOptions;
  /** The part of the cache that items lie in. */
  getInstance(): Cache<Uint8Array>;
  /** Whether `getItem` would give something: everything is verified. */
  hasItem(key: string): Promise<boolean>;
  /** The text; `null` when it is not there, has expired or is not to be believed. */
  getItem(key: string): Promise<string | null>;
  /** As `getItem`, in the order asked. */
  getItems(items: { key: string }[]): Promise<{ key: string; value: string | null }[]>;
  /** As `getItem`, the bytes. */
  getItemRaw(key: string): Promise<Uint8Array | null>;
  /** Stores text, for `ttl` seconds; with 0 for as long as the cache says. */
  setItem(key: string, value: string, options?: { ttl?: number | undefined }): Promise<void>;
  /** Stores bytes or text. @throws TypeError for anything else */
  setItemRaw(key: string, value: unknown, options?: { ttl?: number | undefined }): Promise<void>;
  /** Removes an item. */
  removeItem(key: string): Promise<void>;
  /** When it was set, its length in bytes, and the seconds it has left; `null` when it is not there. */
  getMeta(key: string): Promise<{ mtime: Date; size: number; ttl?: number } | null>;
  /** The keys below a base that `getItem` would give something for: everything is verified. */
  getKeys(base: string): Promise<string[]>;
  /** Removes all items below a base. */
  clear(base: string): Promise<void>;
  /** Closes the cache, if that was asked for. */
  dispose(): Promise<void>;
}

/** How many keys of one call are under way at once. */
const AT_ONCE = 16;

const OPTIONS = ["namespace", "ttl", "closeCache"] as const;

/**
 * A driver over a cache. Items are bytes in a namespace of their own, whatever codec the cache has: text in UTF-8, raw values as they are.
 * @throws TypeError for an option that there is none of, or out of its bounds
 */
export function cacheDriver(cache: Cache, options: CacheDriverOptions = {}): CacheDriver {
  checkOptions("cacheDriver", options, OPTIONS);
  const { namespace = "unstorage", closeCache = false } = options;
  timeLeft(options.ttl);
  const items = cache.namespace(namespace, { codec: bytesCodec });

  async function set(key: string, value: Uint8Array, ttl: number | null | undefined): Promise<void> {
    // As the drivers of unstorage have it: no seconds are no limit.
    const seconds = ttl ?? options.ttl ?? 0;
    const left = timeLeft(seconds === 0 ? undefined : seconds * 1000);
    if (left === 0) await items.delete(key);
    else await items.set(key, value, { ttl: left });
  }

  return {
    name: "@cache/unstorage",
    flags: { ttl: true },
    options,
    getInstance: () => items,
    hasItem: (key) => items.has(key),
    getItem: async (key) => asText(await items.get(key)),
    getItems: (wanted) => getItems(items, wanted),
    getItemRaw: async (key) => (await items.get(key)) ?? null,
    setItem: async (key, value, { ttl } = {}) => set(key, bytesOf(value), ttl),
    setItemRaw: async (key, value, { ttl } = {}) => set(key, bytesOf(value), ttl),
    removeItem: (key) => items.delete(key),
    getMeta: async (key) => metaOf(await items.stat(key)),
    getKeys: (base) => soundKeys(items, base),
    clear: (base) => (isAll(base) ? items.clear() : deleteKeys(items, (key) => key.startsWith(base))),
    dispose: async () => {
      if (closeCache) await cache.close();
    },
  };
}

const asText = (bytes: Uint8Array | undefined): string | null => (bytes === undefined ? null : textOf(bytes));

const isAll = (base: string | undefined): boolean => base === undefined || base === "";

async function getItems(items: Cache<Uint8Array>, wanted: { key: string }[]) {
  const found = await items.getMany(wanted.map(({ key }) => key));
  return wanted.map(({ key }) => ({ key, value: asText(found.get(key)) }));
}

function metaOf(found: Found | undefined): { mtime: Date; size: number; ttl?: number } | null {
  if (found === undefined) return null;
  const { created, expires, size } = found;
  const left = expires === undefined ? {} : { ttl: Math.max(Math.ceil((expires - Date.now()) / 1000), 0) };
  return { mtime: new Date(created), size, ...left };
}

async function keysBelow(items: Cache<Uint8Array>, base: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of items.keys()) if (isAll(base) || key.startsWith(base)) keys.push(key);
  return keys;
}

/** A listing tells what entries claim to be; who asks for keys here means items. */
async function soundKeys(items: Cache<Uint8Array>, base: string): Promise<string[]> {
  const keys = await keysBelow(items, base);
  const sound = new Set<string>();
  await forEachLimited(keys, AT_ONCE, async (key) => {
    if (await items.has(key)) sound.add(key);
  });
  return keys.filter((key) => sound.has(key));
}
