import { bytesCodec, type Cache, type Codec } from "@cache/core";
import { checkOptions, deleteKeys, notify, timeLeft } from "@cache/core/adapter";
import { fromUtf8, utf8 } from "@cache/core/bytes";

/** What may be said of a driver. */
export interface CacheDriverOptions {
  /**
   * The namespace within the cache that entries lie in: not empty, without `/`.
   * @defaultValue `"bentocache"`
   */
  readonly namespace?: string | undefined;
  /**
   * What keys begin with; `clear` removes nothing else.
   * @defaultValue the prefix of Bentocache, `"bentocache"`
   */
  readonly prefix?: string | undefined;
  /**
   * Whether `disconnect` closes the cache, which is yours otherwise.
   * @defaultValue false
   */
  readonly closeCache?: boolean | undefined;
  /** Hears of failures of the cache, which Bentocache tells nobody but its logger where it has a first layer to answer from. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A driver as `useL2Layer` of Bentocache takes it. */
export interface CacheDriverResult {
  /** What Bentocache's own settings do not stand against. */
  readonly options: { prefix?: string };
  /** Makes the driver. */
  readonly factory: (config: { prefix?: string | undefined }) => CacheDriver;
}

/** The driver. Times to live are in milliseconds. */
export interface CacheDriver {
  /** Bentocache asks it when its memory has no answer. */
  type: "l2";
  /** A driver whose keys begin with more. */
  namespace(namespace: string): CacheDriver;
  /** The text; `undefined` when it is not there, has expired or is not to be believed. */
  get(key: string): Promise<string | undefined>;
  /** As `get`, and removes it. */
  pull(key: string): Promise<string | undefined>;
  /** Stores text, for `ttl` milliseconds or as long as the cache says. */
  set(key: string, value: string, ttl?: number): Promise<boolean>;
  /** Removes what begins with the prefix, or without one everything. */
  clear(): Promise<void>;
  /** Whether it was there; it is gone either way. */
  delete(key: string): Promise<boolean>;
  /** Removes several. */
  deleteMany(keys: string[]): Promise<boolean>;
  /** Closes the cache, if that was asked for. */
  disconnect(): Promise<void>;
}

/** What Bentocache hands over is text already. The command `cache` reads it, which takes bytes. */
const textCodec: Codec<string> = { name: bytesCodec.name, encode: utf8, decode: fromUtf8 };

const OPTIONS = ["namespace", "prefix", "closeCache", "onError"] as const;

/** What all drivers of one store share. */
interface Shared {
  readonly entries: Cache<string>;
  readonly onError: CacheDriverOptions["onError"];
  readonly close: () => Promise<void>;
}

class Driver implements CacheDriver {
  readonly type = "l2";
  readonly #shared: Shared;
  readonly #prefix: string;

  constructor(shared: Shared, prefix: string) {
    this.#shared = shared;
    this.#prefix = prefix;
  }

  namespace(namespace: string): CacheDriver {
    return new Driver(this.#shared, this.#nameOf(namespace));
  }

  get(key: string): Promise<string | undefined> {
    return this.#do((entries) => entries.get(this.#nameOf(key)));
  }

  async pull(key: string): Promise<string | undefined> {
    const value = await this.get(key);
    if (value !== undefined) await this.#do((entries) => entries.delete(this.#nameOf(key)));
    return value;
  }

  async set(key: string, value: string, ttl?: number): Promise<boolean> {
    const left = timeLeft(ttl);
    const name = this.#nameOf(key);
    await this.#do((entries) => (left === 0 ? entries.delete(name) : entries.set(name, value, { ttl: left })));
    return true;
  }

  clear(): Promise<void> {
    const isOurs = (name: string) => name.startsWith(`${this.#prefix}:`);
    return this.#do((entries) => (this.#prefix === "" ? entries.clear() : deleteKeys(entries, isOurs)));
  }

  delete(key: string): Promise<boolean> {
    const name = this.#nameOf(key);
    return this.#do(async (entries) => {
      const wasThere = await entries.has(name);
      await entries.delete(name);
      return wasThere;
    });
  }

  async deleteMany(keys: string[]): Promise<boolean> {
    await this.#do((entries) => entries.deleteMany(keys.map((key) => this.#nameOf(key))));
    return true;
  }

  disconnect(): Promise<void> {
    return this.#shared.close();
  }

  #nameOf(key: string): string {
    return this.#prefix === "" ? key : `${this.#prefix}:${key}`;
  }

  async #do<T>(work: (entries: Cache<string>) => Promise<T>): Promise<T> {
    try {
      return await work(this.#shared.entries);
    } catch (error) {
      notify(this.#shared.onError, error);
      throw error;
    }
  }
}

/**
 * A driver over a cache, for `useL2Layer`. Entries are text in a namespace of their own, whatever codec the cache has.
 * @throws TypeError for an option that there is none of, or out of its bounds
 */
export function cacheDriver(cache: Cache, options: CacheDriverOptions = {}): CacheDriverResult {
  checkOptions("cacheDriver", options, OPTIONS);
  const { namespace = "bentocache", prefix, closeCache = false, onError } = options;
  const entries = cache.namespace(namespace, { codec: textCodec });
  const close = async () => {
    if (closeCache) await cache.close();
  };
  return {
    options: prefix === undefined ? {} : { prefix },
    // Bentocache's own drivers leave off the colons that a prefix ends with; its keys go by that.
    factory: (config) => new Driver({ entries, onError, close }, (config.prefix ?? "").replace(/:+$/, "")),
  };
}
