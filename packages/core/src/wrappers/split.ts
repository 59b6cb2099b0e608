import { requireStore } from "../cache/slots.ts";
import type { Draft, Kind, Name, PutOptions, PutResult, Store } from "../ports/store.ts";
import { disposeAll } from "./dispose.ts";
import { NamedDraft } from "./named-draft.ts";

/** Content in one store, entries and notes in another: large things on a disk or in a bucket, small ones where answers are quick. */
export function split(stores: { readonly blobs: Store; readonly entries: Store }): Store & AsyncDisposable {
  requireStore("split", stores?.blobs);
  requireStore("split", stores.entries);
  const of = (name: Name): Store => (name.startsWith("blobs/") ? stores.blobs : stores.entries);
  const ofKind = (kind: Kind): Store => (kind === "blobs" ? stores.blobs : stores.entries);
  return {
    get: (name, options) => of(name).get(name, options),
    open: (name, options) => of(name).open(name, options),
    stat: (name, options) => of(name).stat(name, options),
    delete: (name, options) => of(name).delete(name, options),
    put: (name, bytes, options) => of(name).put(name, bytes, options),
    putStream: (draft, options) => putDraft(stores, draft, options),
    list: (kind, options) => ofKind(kind).list(kind, options),
    [Symbol.asyncDispose]: () => disposeAll([stores.blobs, stores.entries]),
  };
}

/**
 * Which store a draft belongs in is known when it ends. It goes where content goes, since a cache streams nothing else;
 * an entry is moved on from there.
 */
async function putDraft(
  { blobs, entries }: { readonly blobs: Store; readonly entries: Store },
  draft: Draft,
  options?: PutOptions,
): Promise<PutResult> {
  const named = new NamedDraft(draft);
  const result = await blobs.putStream(named, options);
  const { name } = named;
  if (name === undefined || name.startsWith("blobs/")) return result;
  const body = await blobs.open(name, options);
  if (body === undefined) return result;
  const moved = await entries.putStream(
    { headLength: 0, body, finish: () => ({ name, head: new Uint8Array(0) }) },
    options,
  );
  await blobs.delete(name);
  return moved;
}
