import type { Store } from "@cache/core";

async function* none(): AsyncGenerator<never> {
  // Nothing is kept, so nothing is listed.
}

/** A store that keeps nothing: every read misses, every write is dropped when it is complete. */
export function voidStore(): Store {
  return {
    get: async (_name, { signal } = {}) => void signal?.throwIfAborted(),
    open: async (_name, { signal } = {}) => void signal?.throwIfAborted(),
    async put(_name, _bytes, { signal } = {}) {
      signal?.throwIfAborted();
      return { written: true };
    },
    async putStream(draft, { signal } = {}) {
      // Read to its end all the same: the name of content, which its caller is told, is known only then.
      for await (const _ of draft.body) signal?.throwIfAborted();
      draft.finish();
      return { written: true };
    },
    stat: async (_name, { signal } = {}) => void signal?.throwIfAborted(),
    delete: async (_name, { signal } = {}) => signal?.throwIfAborted(),
    list: () => none(),
  };
}
