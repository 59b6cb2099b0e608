import { join } from "node:path";
import { fileStore, monotonicStore } from "@cache/cas";
import { chaos } from "@cache/conformance";
import { type CacheEvent, type MonotonicStore, type Name, readOnly, type Seen, type Store } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { cacheOver, directory, slots, strangers } from "./slots.ts";

const memory = (): Store => memoryStore({ maxBytes: 64_000_000 });
const state = () => monotonicStore(join(directory(), "state"));

/** A memory that is none on a medium. */
function rememberingStore(): MonotonicStore {
  const seen = new Map<string, Seen>();
  const get = async (scope: Uint8Array) => seen.get(scope.toString());
  return {
    get,
    async advance(scope, next) {
      const before = await get(scope);
      if (before === undefined || before.sequence < next.sequence) seen.set(scope.toString(), next);
      return seen.get(scope.toString()) as Seen;
    },
  };
}

/** Everything a medium holds, to be put back later. */
async function copyOf(store: Store): Promise<() => Promise<void>> {
  const held: [Name, Uint8Array][] = [];
  for await (const { name } of store.list("entries")) held.push([name, (await store.get(name)) as Uint8Array]);
  return async () => {
    for (const [name, bytes] of held) await store.put(name, bytes);
  };
}

for (const [title, slot] of Object.entries(slots)) {
  describe(`a ${title} cache that remembers what it saw`, () => {
    const own = slot();

    it("M59: refuses an older entry that was put back, says so, and sets it aside; without it the older one is believed", async () => {
      const store = memory();
      const events: CacheEvent[] = [];
      const rollback = state();
      const cache = cacheOver(store, own, { rollback, onEvent: (event) => events.push(event) });
      await cache.set("k", "old");
      const putBack = await copyOf(store);
      await cache.set("k", "new");
      expect(await cache.lookup("k")).toMatchObject({ state: "hit", value: "new", rollbackChecked: true });
      await putBack();
      const plain = cacheOver(readOnly(store), own);
      expect(await plain.lookup("k")).toMatchObject({ state: "hit", value: "old", rollbackChecked: false });
      events.length = 0;
      expect(await cache.lookup("k")).toMatchObject({ state: "rejected", code: "ERR_CACHE_ROLLBACK" });
      expect(events).toMatchObject([
        { type: "quarantined", level: "security", code: "ERR_CACHE_ROLLBACK" },
        { type: "rejected", level: "security", code: "ERR_CACHE_ROLLBACK" },
      ]);
      await putBack();
      await expect(cacheOver(store, own, { rollback, strict: true }).get("k")).rejects.toMatchObject({
        code: "ERR_CACHE_ROLLBACK",
      });
      await cache.set("k", "newest");
      expect(await cache.get("k")).toBe("newest");
    });

    it("M59: a reader that only saw the newer one refuses the older one, in another process too", async () => {
      const store = memory();
      const path = join(directory(), "state");
      await cacheOver(store, own).set("k", "old");
      const putBack = await copyOf(store);
      await new Promise((resolve) => setTimeout(resolve, 2));
      await cacheOver(store, own).set("k", "new");
      expect(await cacheOver(store, own, { rollback: monotonicStore(path) }).get("k")).toBe("new");
      await putBack();
      const other = cacheOver(store, own, { rollback: monotonicStore(path) });
      expect(await other.lookup("k")).toMatchObject({ state: "rejected", code: "ERR_CACHE_ROLLBACK" });
    });

    it("M59: what was deleted does not come back", async () => {
      const store = memory();
      const cache = cacheOver(store, own, { rollback: state() });
      await cache.set("k", 1);
      const putBack = await copyOf(store);
      await cache.delete("k");
      expect((await cache.lookup("k")).state).toBe("miss");
      await putBack();
      expect(await cache.lookup("k")).toMatchObject({ state: "rejected", code: "ERR_CACHE_ROLLBACK" });
      await cache.set("k", 2);
      expect(await cache.get("k")).toBe(2);
    });

    it("M59: what was cleared does not come back", async () => {
      const store = memory();
      const cache = cacheOver(store, own, { rollback: state() });
      await cache.setMany([
        ["a", 1],
        ["b", 2],
      ]);
      const putBack = await copyOf(store);
      await cache.clear();
      await putBack();
      for (const key of ["a", "b"]) expect(await cache.lookup(key)).toMatchObject({ code: "ERR_CACHE_ROLLBACK" });
    });

    it.each(["delete", "clear"] as const)(
      "M59: what was gone by %s does not come back, whatever a stranger had put in its place meanwhile",
      async (how) => {
        const store = memory();
        const cache = cacheOver(store, own, { rollback: state() });
        await cache.set("k", 1);
        const putBack = await copyOf(store);
        await cacheOver(store, strangers[title]?.() ?? {}).set("k", 2);
        await (how === "delete" ? cache.delete("k") : cache.clear());
        await putBack();
        expect(await cache.lookup("k")).toMatchObject({ state: "rejected", code: "ERR_CACHE_ROLLBACK" });
      },
    );

    it("more writes than milliseconds: the last of them is believed", async () => {
      let now = 1_800_000_000_000;
      const cache = cacheOver(memory(), own, { rollback: rememberingStore(), now: () => now });
      const quick = cacheOver(memory(), own, { now: () => now });
      for (let i = 0; i < 310; i++) {
        // As if each stood for a thousand of them.
        now -= 1000;
        await cache.set(`k${i}`, i);
        await quick.set("k", i);
        expect(await cache.get(`k${i}`)).toBe(i);
      }
      expect(await quick.lookup("k")).toMatchObject({ state: "hit", value: 309 });
      const { sequence } = (await quick.lookup("k")) as { sequence: number };
      expect(sequence).toBeLessThanOrEqual(now + 300_000);
    });

    it("a clock that was ahead and was set right: a write that nobody would believe fails and says why", async () => {
      const store = memory();
      let now = Date.now() + 3_600_000;
      const events: CacheEvent[] = [];
      const cache = cacheOver(store, own, {
        rollback: state(),
        now: () => now,
        onEvent: (event) => events.push(event),
      });
      await cache.set("k", "from the future");
      now -= 3_600_000;
      await expect(cache.set("k", "now")).rejects.toMatchObject({ code: "ERR_CACHE_ROLLBACK" });
      expect(await cache.getOrSet("k", () => "computed")).toBe("computed");
      expect(events.at(-1)).toMatchObject({ type: "write-failed", code: "ERR_CACHE_ROLLBACK" });
      await cache.delete("k");
      now += 3_600_000;
      await cache.set("k", "later");
      expect(await cache.get("k")).toBe("later");
    });

    it("two writers who meet are no attack: each finds a value right after its own write, and nothing is set aside", async () => {
      const store = memory();
      const slow: Store = {
        ...readOnly(store),
        async put(name, bytes, options) {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
          return store.put(name, bytes, options);
        },
        putStream: (draft, options) => store.putStream(draft, options),
        delete: (name, options) => store.delete(name, options),
      };
      const path = join(directory(), "state");
      const events: CacheEvent[] = [];
      const onEvent = (event: CacheEvent) => void (event.level === "security" && events.push(event));
      const caches = Array.from({ length: 3 }, () => cacheOver(slow, own, { rollback: monotonicStore(path), onEvent }));
      const states: string[] = [];
      const writer = async (cache: (typeof caches)[number]) => {
        for (let i = 0; i < 40; i++) {
          await cache.set("k", i);
          states.push((await cache.lookup("k")).state);
        }
      };
      await Promise.all(caches.map(writer));
      expect(new Set(states)).toEqual(new Set(["hit"]));
      expect(events).toEqual([]);
    });

    it("M59: another entry of the same sequence is refused", async () => {
      const [store, other] = [memory(), memory()];
      const now = () => 1_800_000_000_000;
      const cache = cacheOver(store, own, { rollback: state(), now });
      await cache.set("k", "one");
      await cacheOver(other, own, { now }).set("k", "two");
      await (await copyOf(other))();
      for await (const { name } of other.list("entries")) {
        const bytes = await other.get(name);
        if (bytes !== undefined) await store.put(name, bytes);
      }
      expect(await cache.lookup("k")).toMatchObject({ state: "rejected", code: "ERR_CACHE_ROLLBACK" });
    });

    it("M59: a sequence from the future is refused, so that a stolen key puts no name out of reach", async () => {
      const store = memory();
      const rollback = state();
      let now = Date.now();
      const cache = cacheOver(store, own, { rollback, now: () => now });
      const far = cacheOver(store, own, { now: () => now + 299_000 });
      await far.set("k", "near future");
      expect(await cache.get("k")).toBe("near future");
      const odd = memory();
      const thief = cacheOver(odd, own, { now: () => now + 400_000 });
      await thief.set("k", "far");
      await thief.set("k", "farther");
      await (await copyOf(odd))();
      for await (const { name } of odd.list("entries")) await store.put(name, (await odd.get(name)) as Uint8Array);
      expect(await cache.get("k")).toBeUndefined();
      await cache.set("k", "mine");
      expect(await cache.get("k")).toBe("mine");
      now += 1000;
      await cache.set("k", "mine again");
      expect(await cache.get("k")).toBe("mine again");
    });

    it("M59: a sequence from the future is refused though the entry says that it was made now", async () => {
      const now = 1_800_000_000_000;
      for (const [ahead, state] of [
        [300_000, "hit"],
        [300_001, "rejected"],
      ] as const) {
        const store = memory();
        let asked = 0;
        // The first time that a writer asks for is that of the entry, the next one makes its sequence.
        const thief = cacheOver(store, own, { now: () => (asked++ === 0 ? now : now + ahead) });
        await thief.set("k", "far");
        const plain = cacheOver(store, own, { now: () => now });
        expect(await plain.lookup("k")).toMatchObject({ state: "hit", created: now, sequence: now + ahead });
        const cache = cacheOver(store, own, { rollback: rememberingStore(), now: () => now });
        const found = await cache.lookup("k");
        expect(found.state).toBe(state);
        if (found.state === "rejected") expect(found.code).toBe("ERR_CACHE_ROLLBACK");
        if (state === "rejected") await cache.set("k", "mine");
        expect(await cache.get("k")).toBe(state === "hit" ? "far" : "mine");
      }
    });

    it("many writers of one name at once: what is read in the end is one of theirs, and no miss", async () => {
      const root = join(directory(), "store");
      const path = join(directory(), "state");
      const caches = Array.from({ length: 6 }, () =>
        cacheOver(fileStore(root), own, { rollback: monotonicStore(path), now: () => 1_800_000_000_000 }),
      );
      for (let round = 0; round < 10; round++) {
        await Promise.all(caches.map((cache, i) => cache.set("k", `${round} ${i}`)));
        for (const cache of caches) expect(await cache.get("k")).toMatch(new RegExp(`^${round} [0-5]$`));
      }
    });

    it("gives nothing wrong over a medium that fails in every way, and recovers", async () => {
      const make = (medium: Store) => cacheOver(medium, own, { rollback: state() });
      for (const seed of [11, 12])
        expect((await chaos(make, memory(), { seed, operations: 300 })).operations).toBe(300);
    });
  });
}

describe("a memory of what was seen that fails", () => {
  it("fails the read and the write with the store's code, and is never taken for having seen nothing", async () => {
    const broken = { get: () => Promise.reject(new Error("EIO")), advance: () => Promise.reject(new Error("EIO")) };
    const store = memory();
    await cacheOver(store, {}).set("k", 1);
    const cache = cacheOver(store, {}, { rollback: broken });
    for (const call of [() => cache.get("k"), () => cache.set("k", 2), () => cache.delete("k")]) {
      await expect(call()).rejects.toMatchObject({ code: "ERR_CACHE_STORE", cause: { message: "EIO" } });
    }
    expect(await cacheOver(store, {}).get("k")).toBe(1);
  });
});
