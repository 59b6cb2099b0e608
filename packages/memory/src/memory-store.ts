import {
  CacheError,
  type CallOptions,
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
  const namesLike = (name: Name): Map<Name, Held> => (name.startsWith("b") ? names.blobs : names.entries);
  const residents = new Residents(bound, ({ name }) => namesLike(name).delete(name));
  let births = 0;
  let puts = 0;

  function find(name: Name, signal: AbortSignal | undefined): Held | undefined {
    const held = namesLike(name).get(name);
    // A name that something is held under was looked at when it was put.
    if (held === undefined) parseName(name);
    signal?.throwIfAborted();
    return held;
  }

  /** Without a step in between, so that concurrent puts and deletes see all of it or nothing. */
  function write(name: Name, given: Uint8Array, { ifAbsent, signal }: PutOptions, own: boolean): PutResult {
    const found = find(name, signal);
    if (found !== undefined && ifAbsent === true) {
      residents.use(found);
      return { written: false };
    }
    if (!residents.fits(given.length)) throw tooLong();
    // Not slice: that of a Node Buffer shares memory.
    const bytes = own ? given : new Uint8Array(given);
    if (found === undefined) {
      const held = newHeld(name, ++births, bytes);
      residents.add(held);
      namesLike(name).set(name, held);
      stamp(held);
    } else {
      residents.exchange(found, bytes);
      stamp(found);
    }
    return { written: true };
  }

  function stamp(held: Held): void {
    held.modified = Date.now();
    held.version = ++puts;
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
      if (held === undefined) return undefined;
      if (limit !== undefined && held.bytes.length > limit) {
        throw new CacheError("ERR_CACHE_LIMIT", "the value is longer than the caller allows");
      }
      residents.use(held);
      return held.bytes.slice();
    },

    async open(name, options = {}) {
      const held = find(name, options.signal);
      if (held === undefined) return undefined;
      residents.use(held);
      return piecesOf(residents, held, held.bytes, options);
    },

    async put(name, bytes, options = {}) {
      return write(name, bytes, options, false);
    },

    async putStream(draft, options = {}) {
      const { name, bytes } = await collectWithin(draft, (length) => residents.fits(length), options.signal);
      return write(name, bytes, options, true);
    },

    async stat(name, { signal } = {}) {
      const held = find(name, signal);
      return held && { size: held.bytes.length, modified: held.modified, version: String(held.version) };
    },

    async delete(name, { ifVersion, signal } = {}) {
      const held = find(name, signal);
      if (held === undefined || (ifVersion !== undefined && ifVersion !== String(held.version))) return;
      residents.remove(held);
      namesLike(name).delete(name);
    },

    list: (kind, options = {}) => rowsOf(names[kind], births, options),
  };
}

/** The values that were there when the listing began, and still are. */
async function* rowsOf(
  names: Map<Name, Held>,
  latest: number,
  { signal }: CallOptions,
): AsyncGenerator<Listed, void, undefined> {
  signal?.throwIfAborted();
  for (const { name, born, bytes, modified } of names.values()) {
    // In order of birth: from here on everything came after the listing began, and could come without end.
    if (born > latest) return;
    yield { name, size: bytes.length, modified };
    signal?.throwIfAborted();
  }
}

function boundOf({ maxBytes, maxEntries = Number.MAX_SAFE_INTEGER }: MemoryStoreOptions): Bound {
  const bytes = parseSize(maxBytes);
  if (bytes < ENTRY_COST) throw new TypeError(`maxBytes is at least ${ENTRY_COST}, which an empty value takes`);
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1)
    throw new TypeError("maxEntries is a whole number above zero");
  return { maxBytes: bytes, maxEntries };
}
