import type { Kind, Listed, Name, RangeOptions, Store } from "@cache/core";
import { CacheError, collectDraft, parseName } from "@cache/core/adapter";

const PIECE = 65_536;

interface Held {
  readonly bytes: Uint8Array;
  readonly modified: number;
  readonly version: string;
}

/**
 * The contract of the `Store` port as the smallest honest code: a map in memory, without a bound. Read it first when
 * writing an adapter; use `@cache/memory` to keep a cache in memory.
 */
export function referenceStore(): Store {
  const held = new Map<Name, Held>();
  let puts = 0;

  const store: Store = {
    async get(name, { limit, signal } = {}) {
      parseName(name);
      signal?.throwIfAborted();
      const found = held.get(name);
      if (found !== undefined && limit !== undefined && found.bytes.length > limit) {
        throw new CacheError("ERR_CACHE_LIMIT", "the value is longer than the caller allows");
      }
      return found?.bytes.slice();
    },

    async open(name, options = {}) {
      parseName(name);
      options.signal?.throwIfAborted();
      const found = held.get(name);
      return found && piecesOf(found.bytes, options);
    },

    async put(name, bytes, { ifAbsent, signal } = {}) {
      parseName(name);
      signal?.throwIfAborted();
      if (ifAbsent === true && held.has(name)) return { written: false };
      // Not slice: a caller may hand in a Node Buffer, whose slice shares memory.
      held.set(name, { bytes: new Uint8Array(bytes), modified: Date.now(), version: String(++puts) });
      return { written: true };
    },

    async putStream(draft, options) {
      const { name, bytes } = await collectDraft(draft, options);
      return store.put(name, bytes, options);
    },

    async stat(name, { signal } = {}) {
      parseName(name);
      signal?.throwIfAborted();
      const found = held.get(name);
      return found && { size: found.bytes.length, modified: found.modified, version: found.version };
    },

    async delete(name, { ifVersion, signal } = {}) {
      parseName(name);
      signal?.throwIfAborted();
      if (ifVersion === undefined || held.get(name)?.version === ifVersion) held.delete(name);
    },

    async *list(kind: Kind, { signal } = {}): AsyncGenerator<Listed, void, undefined> {
      signal?.throwIfAborted();
      // A copy: in the map itself a name that is deleted and put again meanwhile would come again, without end.
      for (const [name, { bytes, modified }] of [...held]) {
        if (parseName(name).kind === kind && held.has(name)) yield { name, size: bytes.length, modified };
        signal?.throwIfAborted();
      }
    },
  };
  return store;
}

async function* piecesOf(bytes: Uint8Array, options: RangeOptions): AsyncGenerator<Uint8Array, void, undefined> {
  const end = Math.min(options.end ?? bytes.length, bytes.length);
  for (let at = Math.max(options.start ?? 0, 0); at < end; at += PIECE) {
    options.signal?.throwIfAborted();
    yield bytes.slice(at, Math.min(at + PIECE, end));
  }
}
