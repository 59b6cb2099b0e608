import { storeError } from "../adapter/store-error.ts";
import type { CallOptions, Draft, Store } from "../ports/store.ts";

/**
 * A store that keeps to the port in how it fails, whoever wrote it: what it throws that the port does not know becomes
 * `ERR_CACHE_STORE` with its cause, and what it gives instead of bytes does, too.
 */
export function byContract(store: Store): Store & AsyncDisposable {
  return {
    get: (name, options) =>
      attempt("reading a value", options, async () => requireBytes(await store.get(name, options))),
    async open(name, options) {
      const pieces = await attempt("opening a value", options, () => store.open(name, options));
      return pieces && iterate("reading a value", options, pieces);
    },
    put: (name, bytes, options) => attempt("putting a value", options, () => store.put(name, bytes, options)),
    async putStream(draft, options) {
      const watched = watch(draft);
      // What the source of a stream throws is its own affair, and reaches whoever gave it as it is.
      return attempt("putting a stream", options, () => store.putStream(watched.draft, options), watched.threw);
    },
    stat: (name, options) => attempt("looking at a value", options, () => store.stat(name, options)),
    delete: (name, options) => attempt("deleting a value", options, () => store.delete(name, options)),
    list: (kind, options) => iterate("listing values", options, store.list(kind, options)),
    async [Symbol.asyncDispose]() {
      await (store as Partial<AsyncDisposable>)[Symbol.asyncDispose]?.();
    },
  };
}

async function attempt<T>(
  doing: string,
  options: CallOptions | undefined,
  call: () => Promise<T>,
  passes: (error: unknown) => boolean = () => false,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw passes(error) ? error : storeError(doing, error, options?.signal);
  }
}

async function* iterate<T>(
  doing: string,
  options: CallOptions | undefined,
  items: AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* items;
  } catch (error) {
    throw storeError(doing, error, options?.signal);
  }
}

function requireBytes(bytes: unknown): Uint8Array | undefined {
  if (bytes === undefined || bytes instanceof Uint8Array) return bytes;
  throw new TypeError("the store gave something that is no Uint8Array");
}

/** A draft that remembers what it threw. */
function watch({ headLength, body, finish }: Draft): { readonly draft: Draft; threw(error: unknown): boolean } {
  const thrown = new Set<unknown>();
  const note = (error: unknown): never => {
    thrown.add(error);
    throw error;
  };
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      note(error);
    }
  }
  const ended: Draft["finish"] = () => {
    try {
      return finish();
    } catch (error) {
      return note(error);
    }
  };
  return { draft: { headLength, body: watched(), finish: ended }, threw: (error) => thrown.has(error) };
}
