import { createCache } from "@cache/core";
import { Keyring, MasterKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { cacheOver, slots, stores, strangers } from "./slots.ts";

async function keysOf(cache: ReturnType<typeof createCache>): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of cache.keys()) keys.push(key);
  return keys.sort();
}

for (const [slot, makeSlots] of Object.entries(slots)) {
  describe(`keys and stat of a ${slot} cache`, () => {
    it("lists the keys of its namespace and of no other", async () => {
      for (const makeStore of Object.values(stores)) {
        const cache = cacheOver(makeStore(), makeSlots());
        for (const key of ["b", "a/b", "ä\n"]) await cache.set(key, 1);
        await cache.namespace("below").set("c", 1);
        await cache.set("gone", 1);
        await cache.delete("gone");
        expect(await keysOf(cache)).toEqual(["a/b", "b", "ä\n"]);
        expect(await keysOf(cache.namespace("below"))).toEqual(["c"]);
        expect(await keysOf(cache.namespace("other"))).toEqual([]);
      }
    });

    it("states what lookup states of a value, without it, and nothing of what is not to be believed", async () => {
      const store = memoryStore({ maxBytes: 1_000_000 });
      const cache = cacheOver(store, makeSlots(), { inlineLimit: 100 });
      for (const value of ["small", "large".repeat(100)]) {
        await cache.set("k", value, { ttl: "1h" });
        const { state: _, value: __, ...facts } = (await cache.lookup("k")) as Record<string, unknown>;
        expect(await cache.stat("k")).toEqual(facts);
        expect(await cache.stat("k")).toMatchObject({ size: value.length + 2 });
        expect(await cache.blobs.put(new TextEncoder().encode(JSON.stringify(value)))).toBe(facts.digest);
      }
      expect(await cache.stat("other")).toBeUndefined();
      if (slot === "plain") return;
      const stranger = cacheOver(store, strangers[slot]?.() ?? {});
      expect(await stranger.stat("k")).toBeUndefined();
    });
  });
}

it("keys: an entry that lies under two names while keys rotate is listed once", async () => {
  const store = memoryStore({ maxBytes: 1_000_000 });
  const [older, newer] = [MasterKey.generate(), MasterKey.generate()];
  await createCache({ store, seal: sealer(Keyring.of(older)) }).set("k", 1);
  const kept = await Promise.all(
    [...["entries", "notes"]].map(async (kind) => {
      for await (const { name } of store.list(kind as "entries")) return [name, await store.get(name)] as const;
      return undefined;
    }),
  );
  const both = createCache({ store, seal: sealer(Keyring.of(newer, older)) });
  await both.set("k", 2);
  for (const each of kept) if (each?.[1]) await store.put(each[0], each[1]);
  expect(await keysOf(both)).toEqual(["k"]);
});
