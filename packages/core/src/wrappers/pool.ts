import { requireStore } from "../cache/slots.ts";
import type { Listed, Name, Store } from "../ports/store.ts";
import { disposeAll } from "./dispose.ts";
import { REFUSED } from "./read-only.ts";

/**
 * Several stores to read from as if they were one: what an earlier one has hides what later ones have. Nothing is copied
 * from one to another, and every write rejects with `ERR_CACHE_READ_ONLY`. A store that fails fails the read: it might have
 * what the others lack.
 * @throws TypeError without any store
 */
export function pool(...stores: readonly [Store, ...Store[]]): Store & AsyncDisposable {
  if (stores.length === 0) throw new TypeError("a pool needs a store");
  for (const store of stores) requireStore("pool", store);
  return {
    get: (name, options) => first(stores, (store) => store.get(name, options)),
    open: (name, options) => first(stores, (store) => store.open(name, options)),
    stat: (name, options) => first(stores, (store) => store.stat(name, options)),
    list: (kind, options) => union(stores, (store) => store.list(kind, options)),
    ...REFUSED,
    [Symbol.asyncDispose]: () => disposeAll(stores),
  };
}

async function first<T>(
  stores: readonly Store[],
  ask: (store: Store) => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const store of stores) {
    const found = await ask(store);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Names once each, as a store must list them: those that several stores have are remembered. */
async function* union(
  stores: readonly Store[],
  list: (store: Store) => ReturnType<Store["list"]>,
): AsyncGenerator<Listed> {
  const seen = new Set<Name>();
  for (const store of stores) {
    for await (const listed of list(store)) {
      if (seen.has(listed.name)) continue;
      seen.add(listed.name);
      yield listed;
    }
  }
}
