import { type CacheInChaos, chaos } from "@cache/conformance";
import type { CacheEvent, Store } from "@cache/core";
import { collectGarbage, storeStats, verifyStore } from "@cache/core/maintenance";
import { describe, expect, it } from "vitest";
import { newStore, startImitated, startServer } from "./bucket.ts";
import { cacheOver, slots, strangers } from "./slots.ts";

const server = await startServer();
const SECRET = "the recipe of grandmother";
const guarded = Object.entries(slots).filter(([name]) => name !== "plain");

for (const [name, makeSlots] of Object.entries(slots)) {
  describe(`a ${name} cache in a bucket`, () => {
    it("keeps values, content and streams, and is sound after maintenance", async () => {
      const { store } = newStore(server);
      const cache = cacheOver(store, makeSlots());
      await cache.set("small", 1);
      await cache.set("large", "x".repeat(90_000));
      expect(await cache.getOrSet("computed", () => 3)).toBe(3);
      async function* stream() {
        for (let piece = 0; piece < 20; piece++) yield new Uint8Array(1_000_000).fill(piece);
      }
      const digest = await cache.blobs.put(stream());
      let length = 0;
      for await (const piece of (await cache.blobs.open(digest)) ?? []) length += piece.length;
      expect([await cache.get("small"), (await cache.get<string>("large"))?.length, length]).toEqual([1, 90_000, 2e7]);
      expect(await verifyStore({ store, ...makeSlots() })).toMatchObject({ damaged: 0, foreign: 0, problems: [] });
      await cache.delete("small");
      await collectGarbage({ store, ...makeSlots() });
      expect([await cache.get("small"), await cache.get("computed")]).toEqual([undefined, 3]);
      expect((await storeStats({ store, ...makeSlots() })).entries).toBeDefined();
    });

    it("gives nothing wrong whatever goes wrong between it and the bucket, and recovers", async () => {
      const seed = Math.floor(Math.random() * 2 ** 32);
      const make = (medium: Store): CacheInChaos => cacheOver(medium, makeSlots());
      const report = await chaos(make, newStore(server).store, { seed, operations: 150 });
      expect(report.operations).toBe(150);
      expect(report.answers).toBeGreaterThan(5);
    });
  });
}

for (const [name, makeSlots] of guarded) {
  describe(`who owns the bucket of a ${name} cache, and has no key`, () => {
    const stranger = () => strangers[name]?.() ?? {};

    if (name.startsWith("sealed"))
      it("reads no key, no value and no content", async () => {
        const { store, keys, read } = newStore(server);
        const cache = cacheOver(store, makeSlots());
        await cache.set(SECRET, { text: SECRET });
        const digest = await cache.blobs.put(new TextEncoder().encode(SECRET));
        const found = await keys();
        expect(found.length).toBeGreaterThan(2);
        for (const key of found) {
          expect(key).not.toContain(digest);
          expect(Buffer.from(await read(key)).includes(SECRET)).toBe(false);
        }
        expect(await cacheOver(store, stranger()).get(SECRET)).toBeUndefined();
      });

    it("has nothing believed that it changed, cut, swapped, emptied or wrote with keys of its own", async () => {
      const { store, keys, read, write } = newStore(server);
      const events: CacheEvent[] = [];
      const cache = cacheOver(store, makeSlots(), { onEvent: (event: CacheEvent) => events.push(event) });
      await cache.set("a", "1".repeat(300));
      await cache.set("b", "2".repeat(300));
      const entries = (await keys()).filter((key) => key.includes("/v1/entries/"));
      const sound = new Map(await Promise.all(entries.map(async (key) => [key, await read(key)] as const)));
      const [one, two] = entries as [string, string];
      const changed = (key: string): Uint8Array[] => {
        const bytes = sound.get(key) as Uint8Array;
        const flipped = Uint8Array.from(bytes, (byte, at) => (at === bytes.length - 20 ? byte ^ 1 : byte));
        const other = sound.get(key === one ? two : one) as Uint8Array;
        return [flipped, bytes.slice(0, -1), bytes.slice(0, 10), bytes.slice(16), new Uint8Array(0), other];
      };
      for (let attack = 0; attack < 6; attack++) {
        for (const key of entries) await write(key, changed(key)[attack] as Uint8Array);
        expect([await cache.get("a"), await cache.get("b")]).toEqual([undefined, undefined]);
        await cache.set("a", "1".repeat(300));
        await cache.set("b", "2".repeat(300));
        expect([await cache.get("a"), await cache.get("b")]).toEqual(["1".repeat(300), "2".repeat(300)]);
      }
      expect(events.filter(({ level }) => level === "security").length).toBeGreaterThan(5);
      const forger = cacheOver(store, stranger());
      await forger.set("a", "forged");
      expect(await cache.get("a")).not.toBe("forged");
    });

    it("plants content that nobody takes for what its digest names", async () => {
      const { store, keys, read, write } = newStore(server);
      const cache = cacheOver(store, makeSlots());
      const content = new Uint8Array(50_000).fill(7);
      const digest = await cache.blobs.put(content);
      const [key] = (await keys()).filter((each) => each.includes("/v1/blobs/")) as [string];
      const bytes = await read(key);
      for (const planted of [
        bytes.map((byte, at) => (at === 40_000 ? byte ^ 1 : byte)),
        bytes.slice(0, 40_000),
        Buffer.concat([bytes, bytes]),
      ]) {
        await write(key, planted);
        expect(await cache.blobs.get(digest)).toBeUndefined();
        await cache.blobs.put(content);
        expect(await cache.blobs.get(digest)).toEqual(content);
      }
    });
  });
}

describe("a cache in a bucket whose server is in trouble", () => {
  it("fails with a code or gives what was set, whatever the server refuses, cuts or delays", async () => {
    const imitation = await startImitated();
    const { store } = newStore(imitation);
    const cache = cacheOver(store, slots["sealed"]?.() ?? {});
    let seed = 1;
    const dice = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    imitation.interfere(() => {
      const face = dice();
      if (face < 0.1) return { code: "SlowDown" };
      if (face < 0.15) return { cut: "asked" };
      if (face < 0.2) return { cut: "done" };
      if (face < 0.25) return { cutAt: 30 };
      if (face < 0.27) return { code: "InternalError" };
      return undefined;
    });
    let answers = 0;
    for (let round = 0; round < 30; round++) {
      const key = `key ${round % 7}`;
      const value = await cache.get<string>(key);
      if (value !== undefined) {
        answers++;
        expect(value.startsWith(key)).toBe(true);
      }
      await cache.set(key, `${key}, ${round}`);
      expect(await cache.get(key)).toBe(`${key}, ${round}`);
    }
    expect(answers).toBe(23);
  });
});
