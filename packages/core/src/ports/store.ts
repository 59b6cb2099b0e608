/**
 * `blobs`: immutable content. `entries`: small records that are replaced. `notes`: small records about sealed blobs and
 * entries, each under the digits of what it is about. A store that drops values by itself, to make room, drops a value and
 * its note together: without the note nobody could list or clear the value.
 */
export type Kind = "blobs" | "entries" | "notes";

/** Where bytes live in a store: a kind and 64 lower-case hexadecimal digits. An adapter never sees a user's key. */
export type Name = `${Kind}/${string}`;

/** Common to every call. An aborted call rejects with the signal's reason and has no effect that a reader can see. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * For `get`, `open` and `stat`: the caller only saves work by what is there, so a wrapper over several stores may answer a
   * miss where one of them fails. Whoever deletes or leaves out something because of an answer does not ask like that.
   * @defaultValue false
   */
  readonly orMiss?: boolean | undefined;
}

/** For one `get`. */
export interface GetOptions extends CallOptions {
  /**
   * Most bytes to hand out; a longer value rejects with `ERR_CACHE_LIMIT` before memory is taken for it.
   * @defaultValue no limit
   */
  readonly limit?: number | undefined;
  /**
   * Past every copy that a wrapper keeps nearer, from the store that puts have to reach: whoever leaves out a put because
   * the bytes are there asks for this. A store without copies has nothing to do for it.
   * @defaultValue false
   */
  readonly origin?: boolean | undefined;
}

/** What a store knows of a name without reading its bytes. */
export interface Stat {
  /** Length in bytes. */
  readonly size: number;
  /** When the bytes were last put, in milliseconds since 1970 UTC; 0 for a copy whose origin has lost them. */
  readonly modified: number;
  /** Opaque; differs whenever the bytes under the name may have been put again. */
  readonly version: string;
}

/** One row of a listing. */
export interface Listed {
  readonly name: Name;
  readonly size: number;
  readonly modified: number;
}

/** A half-open range of byte offsets, `start <= offset < end`. Out of bounds is cut, never an error. */
export interface RangeOptions extends CallOptions {
  /** @defaultValue 0 */
  readonly start?: number | undefined;
  /** @defaultValue the length */
  readonly end?: number | undefined;
}

/** For one put. */
export interface PutOptions extends CallOptions {
  /**
   * The first writer wins: leave bytes that are already there as they are and answer `{ written: false }`.
   * @defaultValue false, the last writer wins
   */
  readonly ifAbsent?: boolean | undefined;
  /**
   * Milliseconds since 1970 UTC after which nobody needs the bytes: a medium that forgets by itself may forget them then,
   * never before. A hint; a put without it keeps them.
   */
  readonly keepUntil?: number | undefined;
}

/** What a put did. */
export interface PutResult {
  /** False only when `ifAbsent` was given and the name was taken. */
  readonly written: boolean;
}

/** For one delete. */
export interface DeleteOptions extends CallOptions {
  /** Do nothing unless the version is still this one, so that a concurrent put is never undone. */
  readonly ifVersion?: string | undefined;
  /**
   * Set the bytes aside for inspection instead of dropping them, where the medium can; readers see them gone either way.
   * @defaultValue false
   */
  readonly quarantine?: boolean | undefined;
}

/**
 * Content whose name, and whose first bytes, are known only when the rest has been read:
 * a digest names it, and a header in front of it holds its size.
 */
export interface Draft {
  /** Length in bytes of what {@link Draft.finish} will return as `head`; 0 for none. */
  readonly headLength: number;
  /** What follows the head. Read once, to its end; an error of it rejects the put and leaves nothing behind. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Called exactly once, after `body` ended. */
  finish(): { name: Name; head: Uint8Array };
}

/**
 * A place that holds bytes under names. It verifies nothing and understands nothing; the cache above it does.
 *
 * All of it is mandatory. For every method:
 * - `undefined` means absent and nothing else; every other failure rejects with `ERR_CACHE_STORE` and its `cause`;
 * - `signal` is honoured before work begins and between steps;
 * - bytes taken in and handed out are the other side's own: neither side sees later changes by the other.
 */
export interface Store {
  /** All the bytes under a name. */
  get(name: Name, options?: GetOptions): Promise<Uint8Array | undefined>;

  /**
   * The bytes under a name, or a range of them, in pieces. `undefined` when absent at the time of the call.
   * One version of the bytes is delivered even when the name is put again or deleted meanwhile, or the iteration throws.
   */
  open(name: Name, options?: RangeOptions): Promise<AsyncIterable<Uint8Array> | undefined>;

  /** All or nothing, and visible to every `get` that starts after it resolved. Replaces what was there. */
  put(name: Name, bytes: Uint8Array, options?: PutOptions): Promise<PutResult>;

  /** As `put`, for content of any length in bounded memory. */
  putStream(draft: Draft, options?: PutOptions): Promise<PutResult>;

  /** What is known of a name; `undefined` when absent. */
  stat(name: Name, options?: CallOptions): Promise<Stat | undefined>;

  /** Deleting what is absent, or whose version differs from `ifVersion`, is no error. */
  delete(name: Name, options?: DeleteOptions): Promise<void>;

  /** Every complete name of one kind once, in no order. Names put or deleted meanwhile may or may not appear. */
  list(kind: Kind, options?: CallOptions): AsyncIterable<Listed>;
}
