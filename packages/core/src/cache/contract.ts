import { storeError } from "../adapter/store-error.ts";
import type { CallOptions, GetOptions, Name, Store } from "../ports/store.ts";
import { requireBytes, requireListed, requirePutResult, requireStat, requireStream } from "./answers.ts";
import { orAborted } from "./single-flight.ts";
import { watchDraft } from "./watched-draft.ts";

/**
 * A store that keeps to the port, whoever wrote it: what it throws that the port does not know becomes `ERR_CACHE_STORE`
 * with its cause, and so does an answer that the port does not know.
 */
export function byContract(store: Store): Store & AsyncDisposable {
  return {
    get(name, options) {
      if (options?.signal === undefined) return readNow(store, name, options);
      return look("reading a value", options, async () => given(await store.get(name, options), requireBytes));
    },
    async open(name, options) {
      const doing = "opening a value";
      const pieces = await attempt(doing, options, async () => given(await store.open(name, options), requireStream));
      return pieces && iterate("reading a value", options, () => pieces, requireBytes);
    },
    put: (name, bytes, options) =>
      attempt("putting a value", options, async () => requirePutResult(await store.put(name, bytes, options))),
    putStream(draft, options) {
      const { draft: watched, requireFinished, threw } = watchDraft(draft);
      const put = async () => {
        const result = requirePutResult(await store.putStream(watched, options));
        requireFinished();
        return result;
      };
      // What the source of a stream throws is its own affair, and reaches whoever gave it as it is.
      return attempt("putting a stream", options, put, threw);
    },
    stat: (name, options) =>
      look("looking at a value", options, async () => given(await store.stat(name, options), requireStat)),
    delete: (name, options) => attempt("deleting a value", options, async () => store.delete(name, options)),
    list: (kind, options) =>
      iterate(
        "listing values",
        options,
        () => requireStream(store.list(kind, options)),
        (row) => requireListed(kind, row),
      ),
    async [Symbol.asyncDispose]() {
      await (store as Partial<AsyncDisposable>)[Symbol.asyncDispose]?.();
    },
  };
}

/** Without a function that waits, since this is on the way of every read. */
function readNow(store: Store, name: Name, options: GetOptions | undefined): Promise<Uint8Array | undefined> {
  try {
    return Promise.resolve(store.get(name, options)).then(bytesOrAbsent, refuseRead);
  } catch (error) {
    return Promise.reject(storeError("reading a value", error));
  }
}

function bytesOrAbsent(bytes: unknown): Uint8Array | undefined {
  try {
    return given(bytes, requireBytes);
  } catch (error) {
    return refuseRead(error);
  }
}

function refuseRead(error: unknown): never {
  throw storeError("reading a value", error);
}

/** Absent, or what it has to be. */
function given<T>(value: unknown, check: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : check(value);
}

/** A look that an abort ends at once, even if the store does not hear of it; writes are waited for, whatever they still do. */
function look<T>(doing: string, options: CallOptions | undefined, call: () => Promise<T>): Promise<T> {
  return attempt(doing, options, () => {
    options?.signal?.throwIfAborted();
    return orAborted(call(), options?.signal);
  });
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
  begin: () => AsyncIterable<unknown>,
  check: (item: unknown) => T,
): AsyncGenerator<T, void, undefined> {
  try {
    for await (const item of begin()) yield check(item);
  } catch (error) {
    throw storeError(doing, error, options?.signal);
  }
}
