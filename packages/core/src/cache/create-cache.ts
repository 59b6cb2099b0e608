import { utf8 } from "../bytes/text.ts";
import { validate } from "../codecs/schema.ts";
import { CacheError, isCacheError } from "../errors.ts";
import { scanEntries } from "../maintenance/scan.ts";
import type { CallOptions } from "../ports/store.ts";
import { parseDuration } from "../units/duration.ts";
import { type Blobs, blobsOf } from "./blobs.ts";
import type { Cache, NamespaceOptions, SetOptions } from "./cache.ts";
import { deleteEntry, readEntry, writeEntry } from "./entries.ts";
import { keyBytes } from "./keys.ts";
import { forEachLimited } from "./limited.ts";
import { type Lookup, lookup } from "./lookup.ts";
import { shortId } from "./names.ts";
import { type CacheOptions, type Settings, settingsBelow, settle } from "./options.ts";
import { SingleFlight } from "./single-flight.ts";
import { isDamage } from "./verdicts.ts";

/** How many keys of one call are under way at once. */
const AT_ONCE = 16;

/** State that a cache and its namespaces share. */
interface Shared {
  closed: Promise<void> | undefined;
  readonly underWay: Set<Promise<unknown>>;
}

class StoreCache<V> implements Cache<V> {
  readonly #settings: Settings<V>;
  readonly #shared: Shared;
  readonly #flights = new SingleFlight<V>();
  readonly #blobs: Blobs;

  constructor(settings: Settings<V>, shared: Shared) {
    this.#settings = settings;
    this.#shared = shared;
    this.#blobs = blobsOf(settings as Settings);
  }

  /** Every call passes here first. */
  #use(): Settings<V> {
    if (this.#shared.closed !== undefined) throw new TypeError("the cache is closed");
    return this.#settings;
  }

  get blobs(): Blobs {
    this.#use();
    return this.#blobs;
  }

  async get<T extends V>(key: string, options?: CallOptions): Promise<T | undefined> {
    const found = await this.lookup<T>(key, options);
    if (found.state === "hit") return found.value;
    if (found.state === "rejected" && this.#settings.strict && isDamage(found.error)) throw found.error;
    return undefined;
  }

  async lookup<T extends V>(key: string, options?: CallOptions): Promise<Lookup<T>> {
    return lookup(this.#use(), keyBytes(key), options) as Promise<Lookup<T>>;
  }

  async set(key: string, value: V, { ttl, signal }: SetOptions = {}): Promise<void> {
    this.#use();
    await this.#write(key, value, { ttl, signal });
  }

  /** A `set` that a computation under way may still do while the cache closes. */
  async #write(key: string, value: V, { ttl, signal }: SetOptions): Promise<void> {
    const settings = this.#settings;
    const { codec, schema, now, emit, namespace, maxBufferedBytes } = settings;
    const name = keyBytes(key);
    const lifetime = ttl === undefined ? settings.ttl : parseDuration(ttl);
    const bytes = codec.encode(schema === undefined ? value : await validate(schema, value));
    if (bytes.byteLength > maxBufferedBytes) {
      throw new CacheError("ERR_CACHE_LIMIT", "the encoded value is larger than maxBufferedBytes; store it as content");
    }
    const created = now();
    // The format counts to 2^53 - 1; a lifetime beyond it ends there.
    const expires = lifetime === 0 ? 0 : Math.min(created + lifetime, Number.MAX_SAFE_INTEGER);
    const facts = { created, expires, metadata: utf8(codec.name) };
    const stored = await writeEntry(settings as Settings, name, bytes, facts, { signal });
    emit({ type: "set", level: "info", namespace, plane: "entries", id: shortId(stored), time: created });
  }

  async has(key: string, options?: CallOptions): Promise<boolean> {
    return (await readEntry(this.#use() as Settings, keyBytes(key), options)).state === "hit";
  }

  async delete(key: string, options?: CallOptions): Promise<void> {
    const { namespace, emit, now } = this.#use();
    const name = await deleteEntry(this.#settings as Settings, keyBytes(key), options);
    emit({ type: "delete", level: "info", namespace, plane: "entries", id: shortId(name), time: now() });
  }

  async getOrSet<T extends V>(
    key: string,
    compute: (signal: AbortSignal) => T | Promise<T>,
    options: SetOptions = {},
  ): Promise<T> {
    this.#use();
    keyBytes(key);
    const { signal, ttl } = options;
    const run = (stop: AbortSignal) => this.#track(this.#readOrCompute(key, compute, ttl, stop));
    return this.#flights.run(key, run, signal) as Promise<T>;
  }

  async #readOrCompute<T extends V>(
    key: string,
    compute: (signal: AbortSignal) => T | Promise<T>,
    ttl: SetOptions["ttl"],
    signal: AbortSignal,
  ): Promise<T> {
    const found = await this.lookup<T>(key, { signal });
    if (found.state === "hit") return found.value;
    if (found.state === "rejected" && this.#settings.strict && isDamage(found.error)) throw found.error;
    const value = await compute(signal);
    if (value !== undefined) await this.#keep(key, value, { ttl, signal });
    return value;
  }

  /** Stores a computed value; a store that cannot take it costs the next caller time and this one nothing. */
  async #keep(key: string, value: V, options: SetOptions): Promise<void> {
    try {
      await this.#write(key, value, options);
    } catch (error) {
      if (!isCacheError(error) || error.code === "ERR_CACHE_CODEC") throw error;
      const { namespace, emit, now } = this.#settings;
      emit({
        type: "write-failed",
        level: "warning",
        namespace,
        plane: "entries",
        id: "",
        time: now(),
        code: error.code,
      });
    }
  }

  #track<T>(work: Promise<T>): Promise<T> {
    const { underWay } = this.#shared;
    underWay.add(work);
    work.catch(() => {}).finally(() => underWay.delete(work));
    return work;
  }

  async getMany<T extends V>(keys: Iterable<string>, options?: CallOptions): Promise<Map<string, T>> {
    const found = new Map<string, T | undefined>([...keys].map((key) => [key, undefined]));
    await forEachLimited([...found.keys()], AT_ONCE, async (key) => found.set(key, await this.get<T>(key, options)));
    return new Map([...found].filter((entry): entry is [string, T] => entry[1] !== undefined));
  }

  async setMany(values: Iterable<readonly [string, V]>, options?: SetOptions): Promise<void> {
    // Through a map first: of two values for one key the later wins, whatever order the writes end in.
    await forEachLimited(new Map(values), AT_ONCE, ([key, value]) => this.set(key, value, options));
  }

  async deleteMany(keys: Iterable<string>, options?: CallOptions): Promise<void> {
    await forEachLimited(keys, AT_ONCE, (key) => this.delete(key, options));
  }

  async clear(options?: CallOptions): Promise<void> {
    const settings = this.#use();
    for await (const { listed, entry } of scanEntries(settings as Settings, options)) {
      if (entry?.namespace === settings.namespace) await settings.store.delete(listed.name, options);
    }
  }

  namespace<W = V>(name: string, options: NamespaceOptions<W> = {}): Cache<W> {
    const settings = this.#use();
    if (typeof name !== "string" || name === "" || name.includes("/")) {
      throw new TypeError("a namespace within a cache is not empty and has no slash");
    }
    return new StoreCache<W>(settingsBelow<W>(settings as Settings, name, options), this.#shared);
  }

  close(): Promise<void> {
    this.#shared.closed ??= closeStore(this.#settings as Settings, this.#shared);
    return this.#shared.closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

async function closeStore({ store }: Settings, { underWay }: Shared): Promise<void> {
  await Promise.allSettled(underWay);
  await (store as Partial<AsyncDisposable>)[Symbol.asyncDispose]?.();
}

/**
 * A cache over a store. What changes the bytes is a slot here; what changes where they go is a wrapper round the store.
 * Does no I/O.
 * @throws TypeError for an option out of its bounds
 */
export function createCache<V = unknown>(options: CacheOptions<V>): Cache<V> {
  return new StoreCache<V>(settle(options), { closed: undefined, underWay: new Set() });
}
