import type { Name, RangeOptions, Store } from "@cache/core";
import { CacheError } from "@cache/core/adapter";
import type { StoreFixture } from "../../src/index.ts";
import type { Faults } from "../matrix.ts";
import { planted } from "./planted.ts";

const absent = (): never => {
  throw new CacheError("ERR_CACHE_STORE", "there is none");
};

/** One array for every version of every value, for all who ask. */
function sharing(inner: Store): (name: Name) => Promise<Uint8Array | undefined> {
  const shared = new Map<string, Uint8Array | undefined>();
  return async (name) => {
    const version = (await inner.stat(name))?.version;
    if (version === undefined) return undefined;
    if (!shared.has(version)) shared.set(version, await inner.get(name));
    return shared.get(version);
  };
}

async function* cut(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** `open` where the pieces of the whole value are made by `pieces`. */
function opening(pieces: (bytes: Uint8Array) => AsyncIterable<Uint8Array>): (inner: Store) => Partial<Store> {
  return (inner) => ({
    async open(name, options) {
      if (options?.start !== undefined || options?.end !== undefined) return inner.open(name, options);
      const bytes = await inner.get(name, { signal: options?.signal });
      return bytes && pieces(bytes);
    },
  });
}

async function* reusing(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(65_536);
  for await (const piece of cut(bytes)) {
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
  }
}

async function* rereading(
  inner: Store,
  name: Name,
  { start = 0, end = 2 ** 52 }: RangeOptions,
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += 65_536) {
    const piece = (await inner.get(name))?.subarray(at, Math.min(at + 65_536, end));
    if (piece === undefined || piece.length === 0) return;
    yield piece;
  }
}

/** Reading whole values and pieces. */
export const readingFaults: Faults<StoreFixture> = {
  "throws for what is absent": planted(/^(get|open|stat): an absent|^delete: the name is gone/, (inner) => ({
    get: async (...given) => (await inner.get(...given)) ?? absent(),
    open: async (...given) => (await inner.open(...given)) ?? absent(),
    stat: async (...given) => (await inner.stat(...given)) ?? absent(),
  })),
  "answers null for what is absent": planted(/^(get|open|stat): an absent/, (inner) => ({
    get: async (...given) => (await inner.get(...given)) ?? (null as never),
    open: async (...given) => (await inner.open(...given)) ?? (null as never),
    stat: async (...given) => (await inner.stat(...given)) ?? (null as never),
  })),
  "answers no bytes for what is absent": planted(/^(get|open): an absent|^delete: the name is gone/, (inner) => ({
    get: async (...given) => (await inner.get(...given)) ?? new Uint8Array(0),
    open: async (...given) => (await inner.open(...given)) ?? cut(new Uint8Array(0)),
  })),
  "hands out one array to everybody": planted(/^get: every call hands out/, (inner) => ({ get: sharing(inner) })),
  "writes a put into the bytes it handed out": planted(/^get: what was handed out stays/, (inner) => {
    const out = new Map<Name, Uint8Array>();
    return {
      async get(name) {
        const bytes = await inner.get(name);
        if (bytes !== undefined) out.set(name, bytes);
        return bytes;
      },
      put(name, bytes, options) {
        const handed = out.get(name);
        if (handed?.length === bytes.length) handed.set(bytes);
        return inner.put(name, bytes, options);
      },
    };
  }),
  "hands out Node Buffers": planted(/^(get|open): hands out .*plain/, (inner) => ({
    async get(...given) {
      const bytes = await inner.get(...given);
      return bytes && Buffer.from(bytes);
    },
    async open(name) {
      const bytes = await inner.get(name);
      return bytes && cut(Buffer.from(bytes));
    },
  })),
  "ignores the limit": planted(/^get: a value longer/, (inner) => ({ get: (name) => inner.get(name) })),
  "takes a limit of 0 for none": planted(/^get: a value longer/, (inner) => ({
    get: (name, options) => inner.get(name, options?.limit === 0 ? {} : options),
  })),
  "answers undefined beyond the limit": planted(/^get: a value longer/, (inner) => ({
    get: (...given) => inner.get(...given).catch(() => undefined),
  })),
  "refuses what is as long as the limit": planted(/^get: a value as long/, (inner) => ({
    get: (name, options) => inner.get(name, options?.limit === undefined ? options : { limit: options.limit - 1 }),
  })),
  "opens into the bytes it keeps": planted(/^open: hands out pieces of its own/, (inner) => {
    const get = sharing(inner);
    return {
      get,
      async open(name) {
        const bytes = await get(name);
        return bytes && cut(bytes);
      },
    };
  }),
  "uses one buffer for all pieces": planted(/^open: a piece stays/, opening(reusing)),
  "has one place for all who read a name": planted(/^open: several at once/, (inner) => {
    const running = new Map<Name, AsyncIterable<Uint8Array> | undefined>();
    return {
      async open(name, options) {
        if (!running.has(name)) running.set(name, await inner.open(name, options));
        return running.get(name);
      },
    };
  }),
  "does not let go of an iteration that was left": planted(/^(open|list): an iteration may be left early/, (inner) => {
    let open = 0;
    return {
      async open(name, options) {
        if (open >= 5) throw new CacheError("ERR_CACHE_STORE", "too many are open");
        const content = await inner.open(name, options);
        async function* counted(): AsyncGenerator<Uint8Array> {
          open++;
          yield* content ?? [];
          open--;
        }
        return content && counted();
      },
      async *list(kind, options) {
        if (++open > 5) throw new CacheError("ERR_CACHE_STORE", "too many are open");
        yield* inner.list(kind, options);
        open--;
      },
    };
  }),
  "reads each piece from whatever is there by then": planted(/^open: delivers one version/, (inner) => ({
    async open(name, options = {}) {
      return (await inner.stat(name)) && rereading(inner, name, options);
    },
  })),
};
