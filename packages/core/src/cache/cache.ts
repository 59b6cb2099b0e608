import type { CallOptions } from "../ports/store.ts";
import type { Duration } from "../units/duration.ts";
import type { Blobs } from "./blobs.ts";
import type { Found } from "./found.ts";
import type { Lookup } from "./lookup.ts";
import type { CacheOptions } from "./options.ts";

/** For one write. */
export interface SetOptions extends CallOptions {
  /**
   * How long this value is believed.
   * @defaultValue the cache's `ttl`
   */
  readonly ttl?: Duration | undefined;
  /**
   * Digests of content in `blobs` that the value is of no use without, at most 900. They are signed with the value, and the content is
   * kept as long as the entry. It is not looked for here: put it first.
   */
  readonly needs?: readonly string[] | undefined;
}

/** For one `get`. */
export interface ReadOptions extends CallOptions {
  /**
   * Past every copy that is kept nearer, such as in the memory of `tiered`: from the store that a `set` has to reach.
   * @defaultValue false
   */
  readonly origin?: boolean | undefined;
}

/** For one `getOrSet`. */
export interface GetOrSetOptions extends CallOptions {
  /**
   * How long a value computed now is believed.
   * @defaultValue the cache's `ttl`
   */
  readonly ttl?: Duration | undefined;
  /**
   * For so long past its expiry a value is answered at once, while one computation behind it renews it (RFC 5861, section 3).
   * @defaultValue 0
   */
  readonly staleWhileRevalidate?: Duration | undefined;
  /**
   * For so long past its expiry a value is answered when computing another one fails (RFC 5861, section 4).
   * @defaultValue 0
   */
  readonly staleIfError?: Duration | undefined;
}

/** What a namespace may do differently from the cache it is part of. */
export type NamespaceOptions<W> = Pick<CacheOptions<W>, "codec" | "schema" | "ttl">;

/**
 * Values under keys, and content under digests, in a store that nobody has to trust: what comes back was verified at the
 * moment of use. A key is text of 1 to 4096 bytes of UTF-8; anything else is a TypeError.
 *
 * A miss is `undefined`. What is not to be believed is a miss too, and an event. A store that fails throws `ERR_CACHE_STORE`.
 */
export interface Cache<V = unknown> {
  /** Content by its SHA-256. */
  readonly blobs: Blobs;

  /** The value, or `undefined` for a miss. @throws CacheError when `strict` and what is stored is damaged or forged */
  get<T extends V = V>(key: string, options?: ReadOptions): Promise<T | undefined>;

  /** The value and why it is believed, or why there is none. Never throws for what is stored. */
  lookup<T extends V = V>(key: string, options?: CallOptions): Promise<Lookup<T>>;

  /**
   * @throws TypeError for a value the codec has no form for
   * @throws CacheError `ERR_CACHE_CODEC` when the schema refuses it, `ERR_CACHE_LIMIT` when it is larger than
   * `maxBufferedBytes`, `ERR_CACHE_READ_ONLY`, `ERR_CACHE_STORE`
   */
  set(key: string, value: V, options?: SetOptions): Promise<void>;

  /** Whether `get` would answer a value now: everything is verified, nothing is decoded. */
  has(key: string, options?: CallOptions): Promise<boolean>;

  /** What is stated of the value that `get` would answer now, `undefined` for a miss: everything is verified, nothing is decoded. */
  stat(key: string, options?: CallOptions): Promise<Found | undefined>;

  /**
   * The keys of this namespace, in no order: those that entries claim to have, as far as these keys can tell. Nothing is
   * verified before a key is asked for; a view lists what it hides as well. Goes through all entries of the store.
   */
  keys(options?: CallOptions): AsyncGenerator<string, void, undefined>;

  /** Removes the entry. Content it named stays until it is collected, since other entries may name it too. */
  delete(key: string, options?: CallOptions): Promise<void>;

  /**
   * The value, or else what `compute` gives, stored. Callers that ask for one key at once share one computation and its
   * outcome; with `leases` those of other processes do, too. A store that cannot take the result does not fail the call: the value is returned and an event is sent.
   * @param compute - receives a signal that aborts when the last caller has left; `undefined` is returned and not stored.
   * It must not ask for its own key, directly or through another computation: it would wait for itself.
   */
  getOrSet<T extends V>(
    key: string,
    compute: (signal: AbortSignal) => T | Promise<T>,
    options?: GetOrSetOptions,
  ): Promise<T>;

  /** The hits among the keys, in the order asked. */
  getMany<T extends V = V>(keys: Iterable<string>, options?: CallOptions): Promise<Map<string, T>>;
  /** Sets each pair; of two for one key the later wins. The first failure is thrown, and what was set stays set. */
  setMany(values: Iterable<readonly [key: string, value: V]>, options?: SetOptions): Promise<void>;
  /** Removes each entry. */
  deleteMany(keys: Iterable<string>, options?: CallOptions): Promise<void>;

  /** Removes every entry of this namespace that these keys can tell to be of it; namespaces below it stay. */
  clear(options?: CallOptions): Promise<void>;

  /**
   * A cache in the same store whose keys are apart from all others: `a` in `builds` is the namespace `builds/a`.
   * @param name - not empty, without `/`
   */
  namespace<W = V>(name: string, options?: NamespaceOptions<W>): Cache<W>;

  /**
   * The same keys in the same store, where a value that `accept` refuses is a miss: what others wrote, what is old. Whatever is
   * written is written as ever, so `cache.view(() => false)` computes everything anew and keeps it.
   * @param accept - looks at what was verified, before it is decoded
   */
  view(accept: (found: Found) => boolean): Cache<V>;

  /**
   * Waits for writes and computations under way, of this cache and its namespaces, and closes the store if it can be closed.
   * Further calls throw; closing again is fine.
   */
  close(): Promise<void>;
  /** As {@link Cache.close}. */
  [Symbol.asyncDispose](): Promise<void>;
}
