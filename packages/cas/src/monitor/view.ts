import type { Kind, Listed, Name, Store } from "@cache/core/adapter";

/** What one verification is to look at, and what it learnt. */
export interface View {
  /** The store as verification shall see it. */
  readonly store: Store;
  /** Content that it read from beginning to end. */
  readonly read: Set<Name>;
}

/** What a view shows of a store. */
export interface ViewOptions {
  /** The names that are listed; all others are there, too, but nobody comes upon them. */
  readonly listed: readonly Name[];
  /** The only content that is there. @defaultValue all */
  readonly content?: ReadonlySet<Name> | undefined;
  /** What may be set aside. @defaultValue everything */
  readonly removable: (name: Name) => boolean;
}

/**
 * A store that lists nothing but a few names, so that the verification of all of a store is one of these: what is
 * damage, and what is not to be touched, is decided in one place.
 */
export function viewOf(store: Store, { listed, content, removable }: ViewOptions): View {
  const read = new Set<Name>();
  const isHidden = (name: Name): boolean => content !== undefined && name.startsWith("blobs/") && !content.has(name);
  async function* list(kind: Kind): AsyncGenerator<Listed> {
    for (const name of listed) {
      const stat = name.startsWith(`${kind}/`) ? await store.stat(name) : undefined;
      if (stat !== undefined) yield { name, size: stat.size, modified: stat.modified };
    }
  }
  const view: Store = {
    get: (name, options) => store.get(name, options),
    stat: async (name, options) => (isHidden(name) ? undefined : await store.stat(name, options)),
    async open(name, options) {
      if (isHidden(name)) return undefined;
      if (name.startsWith("blobs/") && options?.end === undefined) read.add(name);
      return await store.open(name, options);
    },
    async delete(name, options) {
      if (removable(name)) await store.delete(name, options);
    },
    list,
    put: (name, bytes, options) => store.put(name, bytes, options),
    putStream: (draft, options) => store.putStream(draft, options),
  };
  return { store: view, read };
}
