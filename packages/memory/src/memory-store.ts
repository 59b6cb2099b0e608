import { CacheError, checkOptions, parseSize, type Size, type Store } from "@cache/core/adapter";
import { collectWithin } from "./collect.ts";
import { ENTRY_COST } from "./held.ts";
import { piecesOf } from "./pieces.ts";
import type { Bound } from "./residents.ts";
import { Values } from "./values.ts";

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
  const values = new Values(bound);
  const { residents } = values;
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
      const held = values.find(name, signal);
      if (held === undefined) return undefined;
      if (limit !== undefined && held.bytes.length > limit) {
        throw new CacheError("ERR_CACHE_LIMIT", "the value is longer than the caller allows");
      }
      values.use(held);
      return held.bytes.slice();
    },

    async open(name, options = {}) {
      const held = values.find(name, options.signal);
      if (held === undefined) return undefined;
      values.use(held);
      return piecesOf(residents, held, held.bytes, options);
    },

    async put(name, bytes, options = {}) {
      return values.put(name, bytes, options, false);
    },

    async putStream(draft, options = {}) {
      const { name, bytes } = await collectWithin(draft, (length) => residents.fits(length), options.signal);
      return values.put(name, bytes, options, true);
    },

    async stat(name, { signal } = {}) {
      const held = values.find(name, signal);
      return held && { size: held.bytes.length, modified: held.modified, version: String(held.version) };
    },

    async delete(name, { ifVersion, signal } = {}) {
      const held = values.find(name, signal);
      if (held === undefined || (ifVersion !== undefined && ifVersion !== String(held.version))) return;
      values.delete(held);
    },

    list: (kind, { signal } = {}) => values.rows(kind, signal),
  };
}

function boundOf(options: MemoryStoreOptions): Bound {
  checkOptions("memoryStore", options, ["maxBytes", "maxEntries"]);
  const { maxBytes, maxEntries = Number.MAX_SAFE_INTEGER } = options;
  const bytes = parseSize(maxBytes);
  if (bytes < ENTRY_COST) throw new TypeError(`maxBytes is at least ${ENTRY_COST}, which an empty value takes`);
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1)
    throw new TypeError("maxEntries is a whole number above zero");
  return { maxBytes: bytes, maxEntries };
}
