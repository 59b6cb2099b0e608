import type { Kind, Name, Store } from "../ports/store.ts";

/** Content in one store, entries in another: large things on a disk or in a bucket, small ones where answers are quick. */
export function split(stores: { readonly blobs: Store; readonly entries: Store }): Store {
  const of = (name: Name): Store => (name.startsWith("blobs/") ? stores.blobs : stores.entries);
  const ofKind = (kind: Kind): Store => stores[kind];
  return {
    get: (name, options) => of(name).get(name, options),
    open: (name, options) => of(name).open(name, options),
    stat: (name, options) => of(name).stat(name, options),
    delete: (name, options) => of(name).delete(name, options),
    put: (name, bytes, options) => of(name).put(name, bytes, options),
    // Only content is named by what it holds, so a draft is always content.
    putStream: (draft, options) => stores.blobs.putStream(draft, options),
    list: (kind, options) => ofKind(kind).list(kind, options),
  };
}
