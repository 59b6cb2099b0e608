import type { Store } from "../ports/store.ts";
import { disposeAll } from "./dispose.ts";

/** A store that asks another one, as an object of its own: a wrapper replaces the methods in which it differs. */
export function forward(store: Store): Store & AsyncDisposable {
  return {
    get: (name, options) => store.get(name, options),
    open: (name, options) => store.open(name, options),
    put: (name, bytes, options) => store.put(name, bytes, options),
    putStream: (draft, options) => store.putStream(draft, options),
    stat: (name, options) => store.stat(name, options),
    delete: (name, options) => store.delete(name, options),
    list: (kind, options) => store.list(kind, options),
    [Symbol.asyncDispose]: () => disposeAll([store]),
  };
}
