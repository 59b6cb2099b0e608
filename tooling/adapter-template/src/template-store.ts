import {
  CacheError,
  type CallOptions,
  collectDraft,
  type Kind,
  type Listed,
  type Name,
  parseName,
  type RangeOptions,
  type Store,
  storeError,
} from "@cache/core/adapter";
import type { TemplateClient } from "./client.ts";

/** Longest piece that `open` hands out, in bytes. */
const PIECE = 65_536;

/** Where in Template a cache lives. */
export interface TemplateStoreOptions {
  /**
   * Put in front of every key, so that others can use the same space.
   * @defaultValue `"cache/"`
   */
  readonly prefix?: string | undefined;
}

/**
 * A store in Template. Each name is one key; values are stored as they come, whole.
 * @param client - opened by you and closed by you, when the last store on it is no longer used
 */
export function templateStore(client: TemplateClient, options: TemplateStoreOptions = {}): Store {
  const { prefix = "cache/" } = options;

  function keyOf(name: Name): string {
    parseName(name);
    return prefix + name;
  }

  const store: Store = {
    async get(name, { limit, signal } = {}) {
      const key = keyOf(name);
      if (limit !== undefined) {
        const row = await asked("reading what is known of a value", signal, () => client.head(key));
        if (row !== undefined && row.size > limit) throw tooLong();
      }
      const bytes = await asked("reading a value", signal, () => client.get(key, { start: 0, end: undefined }));
      // It may have been replaced by a longer one since it was asked for its size.
      if (limit !== undefined && bytes !== undefined && bytes.length > limit) throw tooLong();
      return bytes;
    },

    async open(name, options = {}) {
      const key = keyOf(name);
      const range = rangeOf(options);
      // One answer holds all pieces: what is put meanwhile cannot come between them.
      const bytes = await asked("reading a value", options.signal, () => client.get(key, range));
      return bytes && piecesOf(bytes, options.signal);
    },

    async put(name, bytes, { ifAbsent = false, signal } = {}) {
      const key = keyOf(name);
      // A copy: a client may send after the caller has its buffer back. Not slice: a Node Buffer's shares memory.
      const own = new Uint8Array(bytes);
      const written = await asked("writing a value", signal, () => client.set(key, own, { ifAbsent }));
      return { written };
    },

    async putStream(draft, options = {}) {
      const { name, bytes } = await collectDraft(draft, options);
      return store.put(name, bytes, options);
    },

    async stat(name, { signal } = {}) {
      const key = keyOf(name);
      const row = await asked("reading what is known of a value", signal, () => client.head(key));
      return row && { size: row.size, modified: row.modified, version: row.version };
    },

    async delete(name, { ifVersion, signal } = {}) {
      const key = keyOf(name);
      await asked("deleting a value", signal, () => client.delete(key, { ifVersion }));
    },

    list: (kind, options = {}) => rowsOf(client, prefix, kind, options),
  };
  return store;
}

/** Asks the service, unless the caller has given up. What it answers stays; what it fails with is the store's failure. */
async function asked<T>(doing: string, signal: AbortSignal | undefined, ask: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  try {
    return await ask();
  } catch (error) {
    throw storeError(doing, error, signal);
  }
}

async function* rowsOf(
  client: TemplateClient,
  prefix: string,
  kind: Kind,
  { signal }: CallOptions,
): AsyncGenerator<Listed, void, undefined> {
  signal?.throwIfAborted();
  try {
    for await (const { key, size, modified } of client.list(`${prefix}${kind}/`)) {
      const name = nameOf(key.slice(prefix.length));
      if (name !== undefined) yield { name, size, modified };
      signal?.throwIfAborted();
    }
  } catch (error) {
    throw storeError("listing", error, signal);
  }
}

/** Somebody else's keys may stand between ours. */
function nameOf(text: string): Name | undefined {
  try {
    parseName(text as Name);
    return text as Name;
  } catch {
    return undefined;
  }
}

function rangeOf({ start = 0, end }: RangeOptions): { start: number; end: number | undefined } {
  const from = Math.max(0, start);
  return { start: from, end: end === undefined ? undefined : Math.max(from, end) };
}

async function* piecesOf(
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += PIECE) {
    signal?.throwIfAborted();
    yield bytes.slice(at, at + PIECE);
  }
}

function tooLong(): CacheError {
  return new CacheError("ERR_CACHE_LIMIT", "the value is longer than the caller allows");
}
