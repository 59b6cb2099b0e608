import type { Store } from "@cache/core";
import { CacheError, type CallOptions, type Kind, type Name, storeError } from "@cache/core/adapter";
import type { NewMember } from "../create/new-member.ts";
import { MAX_MEMBERS } from "../manifest/manifest.ts";

const KINDS: readonly Kind[] = ["blobs", "entries", "notes"];

async function* contentOf(store: Store, name: Name, options: CallOptions): AsyncGenerator<Uint8Array> {
  const pieces = await store.open(name, options);
  if (pieces === undefined) throw storeError("reading what is to be packed", new Error("it is gone"));
  yield* pieces;
}

/** Everything that a store holds, each thing under its name there. @throws CacheError `ERR_CACHE_LIMIT` */
export async function* storeMembers(store: Store, options: CallOptions): AsyncGenerator<NewMember> {
  let count = 0;
  for (const kind of KINDS)
    for await (const { name } of store.list(kind, options)) {
      count += 1;
      // The last one is the format's own.
      if (count === MAX_MEMBERS)
        throw new CacheError("ERR_CACHE_LIMIT", "the entries are more than a package can hold; export them in parts");
      yield { path: name, content: () => contentOf(store, name, options) };
    }
}

/** @throws TypeError for a store in which something is: it would go into the package unasked for */
export async function requireEmpty(store: Store, options: CallOptions): Promise<void> {
  for (const kind of KINDS)
    for await (const _ of store.list(kind, options)) throw new TypeError("staging is a store with nothing in it");
}
