import { requireStore } from "../cache/slots.ts";
import { CacheError } from "../errors.ts";
import type { Store } from "../ports/store.ts";
import { disposeAll } from "./dispose.ts";

async function refuse(): Promise<never> {
  throw new CacheError("ERR_CACHE_READ_ONLY", "this store only reads");
}

/** A store that reads and never changes: every write rejects with `ERR_CACHE_READ_ONLY`. */
export function readOnly(store: Store): Store & AsyncDisposable {
  requireStore("readOnly", store);
  return {
    get: (name, options) => store.get(name, options),
    open: (name, options) => store.open(name, options),
    stat: (name, options) => store.stat(name, options),
    list: (kind, options) => store.list(kind, options),
    put: refuse,
    putStream: refuse,
    delete: refuse,
    [Symbol.asyncDispose]: () => disposeAll([store]),
  };
}
