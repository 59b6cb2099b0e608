import {
  CacheError,
  type Draft,
  type Kind,
  type Listed,
  type Name,
  type PutOptions,
  type PutResult,
  parseName,
  parseSize,
  type Size,
  type Store,
} from "@cache/core/adapter";
import { collectWithin, tooLong } from "./collect.ts";
import { ENTRY_COST, type Held, newHeld } from "./held.ts";
import { piecesOf } from "./pieces.ts";
import { type Bound, Residents } from "./residents.ts";

/** How much a {@link memoryStore} holds. */
export interface MemoryStoreOptions {
  /**
   * Most bytes held: a number, or text such as `"64MB"`. Each value counts its length and {@link ENTRY_COST}. The
   * bound is exact and holds after every call; what calls under way are collecting or handing out comes on top.
   */
  readonly maxBytes: Size;
  /**
   * Most values held.
   * @defaultValue no limit but `maxBytes`
   */
  readonly maxEntries?: number | undefined;
}

/** A store in memory that never holds more than it was told. */
export interface MemoryStore extends Store {
  /** What is held now: the lengths of all values, and {@link ENTRY_COST} for each. Never above `maxBytes`. */
  readonly bytes: number;
  /** Values held now. */
  readonly entries: number;
  /** Values that had to go to make room for others, since the store was made. */
  readonly evictions: number;
  /** The bound, in bytes. */
  readonly maxBytes: number;
}

/**
 * A volatile store with a bound. When a put needs room, values that were used little go first (S3-FIFO), and values
 * that somebody is reading through `open` go last; a reader keeps what it reads in any case.
 *
 * A value that could not be held even alone rejects with `ERR_CACHE_LIMIT`, a stream as soon as it is known to be too
 * long, and leaves what was there under the name: taking it and dropping it at once would make a put that no `get`
 * ever sees.
 * @throws TypeError for a bound that is no size, or that holds not even one empty value
 */
export function memoryStore(options: MemoryStoreOptions): MemoryStore {
  const bound = boundOf(options);
  const names: Record<Kind, Map<Name, Held>> = { blobs: new Map(), entries: new Map() };
  const residents = new Residents(bound, ({ name }) => names[parseName(name).kind].delete(name));
  let births = 0;
  let puts = 0;

  function find(name: Name, signal: AbortSignal | undefined): Held | undefined {
    const { kind } = parseName(name);
    signal?.throwIfAborted();
    const held = names[kind].get(name);
    return held?.bytes === undefined ? undefined : held;
  }

  /** Without a step in between, so that concurrent puts and deletes see all of it or nothing. */
  function write(name: Name, bytes: Uint8Array, { ifAbsent, signal }: PutOptions, own: boolean): PutResult {
    const found = find(name, signal);
    if (found !== undefined && ifAbsent === true) {
      residents.use(found);
      return { written: false };
    }
    if (!residents.fits(bytes.length)) throw tooLong();
    const known = names[parseName(name).kind];
    const held = known.get(name) ?? newHeld(name, ++births);
    known.set(name, held);
    // Not slice: that of a Node Buffer shares memory.
    residents.put(held, own ? bytes : new Uint8Array(bytes));
    held.modified = Date.now();
    held.version = ++puts;
    return { written: true };
  }

  return {
    maxBytes: bound.maxBytes,
    get bytes() {
      return residents.bytes;
    },
    get entries() {
      return residents.entries;
    },
    get evictions() {
      return residents.evictions;
    },

    async get(name, { limit, signal } = {}) {
      const held = find(name, signal);
      if (held?.bytes === undefined) return undefined;
      if (limit !== undefined && held.bytes.length > limit) {
        throw new CacheError("ERR_CACHE_LIMIT", "the value is longer than the caller allows");
      }
      residents.use(held);
      return held.bytes.slice();
    },

    async open(name, options = {}) {
      const held = find(name, options.signal);
      if (held?.bytes === undefined) return undefined;
      residents.use(held);
      return piecesOf(residents, held, held.bytes, options);
    },

    async put(name, bytes, options = {}) {
      return write(name, bytes, options, false);
    },

    async putStream(draft: Draft, options = {}) {
      const { name, bytes } = await collectWithin(draft, (length) => residents.fits(length), options.signal);
      return write(name, bytes, options, true);
    },

    async stat(name, { signal } = {}) {
      const held = find(name, signal);
      return held?.bytes && { size: held.bytes.length, modified: held.modified, version: String(held.version) };
    },

    async delete(name, { ifVersion, signal } = {}) {
      const held = find(name, signal);
      if (held === undefined) return;
      if (ifVersion === undefined || String(held.version) === ifVersion) residents.remove(held);
    },

    async *list(kind, { signal } = {}): AsyncGenerator<Listed, void, undefined> {
      signal?.throwIfAborted();
      const last = births;
      for (const { name, born, bytes, modified } of names[kind].values()) {
        // In order of birth: from here on everything came after the listing began, and could come without end.
        if (born > last) return;
        if (bytes !== undefined) yield { name, size: bytes.length, modified };
        signal?.throwIfAborted();
      }
    },
  };
}

function boundOf({ maxBytes, maxEntries = Number.MAX_SAFE_INTEGER }: MemoryStoreOptions): Bound {
  const bytes = parseSize(maxBytes);
  if (bytes < ENTRY_COST) throw new TypeError(`maxBytes is at least ${ENTRY_COST}, which an empty value takes`);
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) throw new TypeError("maxEntries is a whole number above zero");
  return { maxBytes: bytes, maxEntries };
}
