import { checkOptions } from "../adapter/check-options.ts";
import type { CallOptions } from "../ports/store.ts";
import { fromOrigin } from "../wrappers/from-origin.ts";
import { Addresses } from "./addresses.ts";
import { type Blobs, blobsOf } from "./blobs.ts";
import type { Cache, GetOrSetOptions, NamespaceOptions, ReadOptions, SetOptions } from "./cache.ts";
import { clearNamespace } from "./clear.ts";
import { Computations } from "./computations.ts";
import { deleteEntry } from "./entry-writes.ts";
import type { Found } from "./found.ts";
import { forEachLimited } from "./limited.ts";
import { listKeys } from "./list-keys.ts";
import { believed, findValue, type Lookup, lookup, stat } from "./lookup.ts";
import { shortId } from "./names.ts";
import { type CacheOptions, type Settings, settingsBelow, settle } from "./options.ts";
import { UnderWay } from "./under-way.ts";
import { settingsOfView } from "./view.ts";
import { settleWanted } from "./wanted.ts";
import { expiryOf, write } from "./write.ts";
import { requireWriter } from "./writing.ts";

/** How many keys of one call are under way at once. */
const AT_ONCE = 16;

const SET_OPTIONS = ["ttl", "signal", "needs"] as const;

class StoreCache<V> implements Cache<V> {
  readonly #settings: Settings<V>;
  readonly #underWay: UnderWay;
  readonly #computations: Computations<V>;
  readonly #addresses: Addresses;
  readonly #blobs: Blobs;

  constructor(settings: Settings<V>, underWay: UnderWay) {
    this.#settings = settings;
    this.#addresses = new Addresses(settings);
    this.#underWay = underWay;
    this.#computations = new Computations(settings, underWay);
    this.#blobs = blobsOf(settings as Settings, underWay);
  }

  /** Every call passes here first. */
  #use(): Settings<V> {
    this.#underWay.requireOpen();
    return this.#settings;
  }

  get blobs(): Blobs {
    this.#use();
    return this.#blobs;
  }

  async get<T extends V>(key: string, options?: ReadOptions): Promise<T | undefined> {
    const used = this.#use();
    const settings = options?.origin === true ? { ...used, store: fromOrigin(used.store) } : used;
    return believed(settings, await findValue(settings, this.#addresses.of(key), options)) as T | undefined;
  }

  async lookup<T extends V>(key: string, options?: CallOptions): Promise<Lookup<T>> {
    const settings = this.#use();
    return lookup(settings, await findValue(settings, this.#addresses.of(key), options)) as Lookup<T>;
  }

  async set(key: string, value: V, options?: SetOptions): Promise<void> {
    this.#use();
    await this.#underWay.track(this.#set(key, value, options));
  }

  async #set(key: string, value: V, options: SetOptions = {}): Promise<void> {
    checkOptions("set", options, SET_OPTIONS);
    const { ttl, signal, needs } = options;
    const expiry = expiryOf(this.#settings, ttl);
    const address = this.#addresses.of(key);
    const change = () => write(this.#settings, { address, value, expiry, needs }, { signal });
    await this.#computations.around(key, change, signal);
  }

  async has(key: string, options?: CallOptions): Promise<boolean> {
    return (await this.stat(key, options)) !== undefined;
  }

  async stat(key: string, options?: CallOptions): Promise<Found | undefined> {
    return stat(this.#use() as Settings, this.#addresses.of(key), options);
  }

  keys(options?: CallOptions): AsyncGenerator<string, void, undefined> {
    return listKeys(this.#use() as Settings, options);
  }

  async delete(key: string, options?: CallOptions): Promise<void> {
    requireWriter(this.#use());
    await this.#underWay.track(this.#delete(key, options));
  }

  async #delete(key: string, options?: CallOptions): Promise<void> {
    const { namespace, emit, now } = this.#settings;
    const address = this.#addresses.of(key);
    const change = () => deleteEntry(this.#settings as Settings, address, options);
    const { name, hasStayed } = await this.#computations.around(key, change, options?.signal);
    const event = { namespace, plane: "entries", id: shortId(name), time: now() } as const;
    if (hasStayed) emit({ type: "rejected", level: "warning", code: "ERR_CACHE_UNKNOWN_KEY", ...event });
    else emit({ type: "delete", level: "info", ...event });
  }

  async getOrSet<T extends V>(
    key: string,
    compute: (signal: AbortSignal) => T | Promise<T>,
    options: GetOrSetOptions = {},
  ): Promise<T> {
    const wanted = settleWanted(this.#use(), this.#addresses.of(key), compute, options);
    return this.#computations.valueOf(key, wanted, options.signal) as Promise<T>;
  }

  async getMany<T extends V>(keys: Iterable<string>, options?: CallOptions): Promise<Map<string, T>> {
    this.#use();
    const found = new Map<string, T | undefined>([...keys].map((key) => [key, undefined]));
    await forEachLimited([...found.keys()], AT_ONCE, async (key) => found.set(key, await this.get<T>(key, options)));
    return new Map([...found].filter((entry): entry is [string, T] => entry[1] !== undefined));
  }

  async setMany(values: Iterable<readonly [string, V]>, options?: SetOptions): Promise<void> {
    this.#use();
    // Through a map first: of two values for one key the later wins, whatever order the writes end in.
    const work = forEachLimited(new Map(values), AT_ONCE, ([key, value]) => this.#set(key, value, options));
    await this.#underWay.track(work);
  }

  async deleteMany(keys: Iterable<string>, options?: CallOptions): Promise<void> {
    requireWriter(this.#use());
    await this.#underWay.track(forEachLimited(keys, AT_ONCE, (key) => this.#delete(key, options)));
  }

  async clear(options?: CallOptions): Promise<void> {
    requireWriter(this.#use());
    const clear = () => clearNamespace(this.#settings as Settings, options);
    await this.#underWay.track(this.#computations.around(undefined, clear, options?.signal));
  }

  namespace<W = V>(name: string, options: NamespaceOptions<W> = {}): Cache<W> {
    const settings = this.#use();
    if (typeof name !== "string" || name === "" || name.includes("/")) {
      throw new TypeError("a namespace within a cache is not empty and has no slash");
    }
    return new StoreCache<W>(settingsBelow<W>(settings as Settings, name, options), this.#underWay);
  }

  view(accept: (found: Found) => boolean): Cache<V> {
    return new StoreCache<V>(settingsOfView(this.#use(), accept), this.#underWay);
  }

  close(): Promise<void> {
    const { store } = this.#settings;
    return this.#underWay.close(async () => store[Symbol.asyncDispose]());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * A cache over a store. What changes the bytes is a slot here; what changes where they go is a wrapper round the store.
 * Does no I/O.
 * @throws TypeError for an option out of its bounds
 */
export function createCache<V = unknown>(options: CacheOptions<V>): Cache<V> {
  return new StoreCache<V>(settle(options), new UnderWay());
}
