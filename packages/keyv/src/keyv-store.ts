import type { Cache } from "@cache/core";
import { checkOptions, deleteKeys, forEachLimited, timeLeft } from "@cache/core/adapter";
import { Listeners } from "./listeners.ts";
import { Scope } from "./scope.ts";

/** What may be said of an adapter. */
export interface KeyvStoreOptions {
  /**
   * Whether `disconnect` closes the cache, which is yours otherwise.
   * @defaultValue false
   */
  readonly closeCache?: boolean | undefined;
}

/** How many keys of one call are under way at once. */
const AT_ONCE = 16;

/**
 * The adapter, as Keyv 5 and Keyv 6 call it; give it to a `Keyv` as its `store`, one to each. Keyv 6 knows it for one that is told how long a value
 * lives, not until when, and puts its own bridge in front.
 */
export class KeyvStore {
  /** Keyv 5 iterates over what is in a list of databases, and over nothing else. */
  readonly opts: Record<string, unknown> = { dialect: "sqlite", url: "" };
  /** Set by Keyv 5, and by it alone: Keyv 6 prefixes the keys of an adapter that has none by itself. */
  declare namespace?: string | undefined;
  readonly #cache: Cache;
  readonly #closeCache: boolean;
  readonly #listeners = new Listeners();

  /** @internal Made by {@link keyvStore}. */
  constructor(cache: Cache, { closeCache = false }: KeyvStoreOptions) {
    this.#cache = cache;
    this.#closeCache = closeCache;
  }

  get #isOfKeyv5(): boolean {
    return Object.hasOwn(this, "namespace");
  }

  get #scope(): Scope {
    return new Scope(this.namespace);
  }

  /** Hears of failures that Keyv would keep to itself. */
  on(event: string, listener: (error: unknown) => void): this {
    this.#listeners.add(event, listener);
    return this;
  }

  /** The value; `undefined` when it is not there, has expired or is not to be believed. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever Keyv stored; its versions have types of their own for that
  async get(key: string): Promise<any> {
    return this.#telling(() => this.#cache.get(this.#scope.inCache(key)));
  }

  /** As `get`, in the order of the keys. */
  // biome-ignore lint/suspicious/noExplicitAny: as for `get`
  async getMany(keys: string[]): Promise<any[]> {
    const scope = this.#scope;
    const found = await this.#telling(() => this.#cache.getMany(keys.map((key) => scope.inCache(key))));
    return keys.map((key) => found.get(scope.inCache(key)));
  }

  /** Stores a value for `ttl` milliseconds, or as long as the cache says. */
  async set(key: string, value: unknown, ttl?: number): Promise<boolean> {
    const left = timeLeft(ttl);
    const name = this.#scope.inCache(key);
    if (left === 0) await this.#cache.delete(name);
    else await this.#cache.set(name, value, { ttl: left });
    return true;
  }

  /** As `set`; of two for one key the later wins. */
  // biome-ignore lint/suspicious/noExplicitAny: an array of booleans, which Keyv 5 gives on and declares as nothing
  async setMany(entries: { key: string; value: unknown; ttl?: number | undefined }[]): Promise<any> {
    const last = new Map(entries.map((entry) => [entry.key, entry]));
    await forEachLimited(last.values(), AT_ONCE, ({ key, value, ttl }) => this.set(key, value, ttl));
    return entries.map(() => true);
  }

  /** Whether a value was there; it is gone either way. */
  async delete(key: string): Promise<boolean> {
    const name = this.#scope.inCache(key);
    const wasThere = await this.#cache.has(name);
    await this.#cache.delete(name);
    return wasThere;
  }

  /** As `delete`: to Keyv 6 for each key, to Keyv 5 whether all of them were there. */
  // biome-ignore lint/suspicious/noExplicitAny: the versions of Keyv differ, and neither takes the other's
  async deleteMany(keys: string[]): Promise<any> {
    const were = await this.#forEach(keys, (key) => this.delete(key));
    return this.#isOfKeyv5 ? were.every(Boolean) : were;
  }

  /** Whether `get` would give a value. */
  async has(key: string): Promise<boolean> {
    return this.#telling(() => this.#cache.has(this.#scope.inCache(key)));
  }

  /** As `has`, in the order of the keys. */
  async hasMany(keys: string[]): Promise<boolean[]> {
    return this.#telling(() => this.#forEach(keys, (key) => this.#cache.has(this.#scope.inCache(key))));
  }

  /** Removes what is in Keyv's namespace, or without one all that is in the cache's. */
  async clear(): Promise<void> {
    const scope = this.#scope;
    if (scope.isWhole) return this.#cache.clear();
    return deleteKeys(this.#cache, (key) => scope.inKeyv(key) !== undefined);
  }

  /** Keys and values, in no order. */
  // biome-ignore lint/suspicious/noExplicitAny: as for `get`
  async *iterator(namespace?: string): AsyncGenerator<any, void> {
    try {
      yield* this.#entries(namespace);
    } catch (error) {
      throw this.#told(error);
    }
  }

  async *#entries(prefix = ""): AsyncGenerator<[string, unknown], void> {
    const scope = this.#scope;
    for await (const name of this.#cache.keys()) {
      const key = scope.inKeyv(name);
      if (key === undefined) continue;
      // Keyv 6 goes by a prefix of its own, which it alone knows whole; what cannot have it need not be read.
      if (scope.isWhole && !key.startsWith(prefix)) continue;
      const value = await this.#cache.get(name);
      if (value !== undefined) yield [key, value];
    }
  }

  /** Closes the cache, if that was asked for. */
  async disconnect(): Promise<void> {
    if (this.#closeCache) await this.#cache.close();
  }

  async #telling<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw this.#told(error);
    }
  }

  /** Of what fails while Keyv 5 reads it emits nothing, and makes a miss of some; Keyv 6 says all by itself. */
  #told(error: unknown): unknown {
    if (this.#isOfKeyv5) this.#listeners.tell(error);
    return error;
  }

  async #forEach(keys: readonly string[], ask: (key: string) => Promise<boolean>): Promise<boolean[]> {
    const answers = new Map<string, boolean>();
    await forEachLimited(new Set(keys), AT_ONCE, async (key) => answers.set(key, await ask(key)));
    return keys.map((key) => answers.get(key) === true);
  }
}

/**
 * A storage adapter for Keyv 5 or 6 over a cache. Values are stored as Keyv hands them over, text unless it was told not to serialize, by
 * the cache's codec.
 * @throws TypeError for an option that there is none of
 */
export function keyvStore(cache: Cache, options: KeyvStoreOptions = {}): KeyvStore {
  checkOptions("keyvStore", options, ["closeCache"]);
  return new KeyvStore(cache, options);
}
