import { referenceStore } from "@cache/conformance";
import { CacheError, type Name, type Store, type Tier, type TierEvent, tiered } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { bound } from "./slots.ts";

export const nameOf = (kind: "blobs" | "entries", at: number): Name => `${kind}/${at.toString(16).padStart(64, "0")}`;

/** A store that can be cut off, the names that were put there, and a hook before each of these puts. */
export function farStore() {
  const inner = referenceStore();
  const far = { inner, isDown: false, puts: [] as Name[], before: async (_name: Name): Promise<void> => {} };
  const put: Store["put"] = async (name, bytes, options) => {
    if (far.isDown) throw new CacheError("ERR_CACHE_STORE", "connection refused");
    await far.before(name);
    // As over a network, what has begun is not stopped by a signal.
    const result = await inner.put(name, bytes, { ...options, signal: undefined });
    far.puts.push(name);
    return result;
  };
  const store = { ...bound(inner), put };
  return Object.assign(far, { store });
}

/** A memory over such a store, which is owed what it misses, and tried again by a close alone. */
export function owing(more: Partial<Tier> = {}) {
  const far = farStore();
  const events: TierEvent[] = [];
  const tier: Tier = { store: far.store, pause: "1h", onEvent: (event) => events.push(event), ...more };
  const store = tiered(memoryStore({ maxBytes: 16_000_000 }), tier);
  return { far, store, events, types: () => events.map(({ type }) => type) };
}
