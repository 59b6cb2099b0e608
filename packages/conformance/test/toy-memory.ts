import type { MonotonicStore, Seen } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import type { MonotonicStoreFixture } from "../src/index.ts";

const copyOf = ({ sequence, digest }: Seen): Seen => ({ sequence, digest: new Uint8Array(digest) });

/** The `MonotonicStore` port as small as it goes, over a map that may be shared. */
export function toyMemory(memory: Map<string, Seen> = new Map()): MonotonicStore {
  return {
    async get(scope) {
      const found = memory.get(toHex(scope));
      return found && copyOf(found);
    },
    async advance(scope, seen) {
      const before = memory.get(toHex(scope));
      if (before === undefined || before.sequence < seen.sequence) memory.set(toHex(scope), copyOf(seen));
      return copyOf(memory.get(toHex(scope)) as Seen);
    },
  };
}

/** Two handles on one map, each passed through `change`. */
export function toyMemoryFixture(
  change: (store: MonotonicStore, memory: Map<string, Seen>) => MonotonicStore = (same) => same,
): MonotonicStoreFixture {
  const memory = new Map<string, Seen>();
  return { open: () => change(toyMemory(memory), memory), reopen: () => change(toyMemory(memory), memory) };
}
