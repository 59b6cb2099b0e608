import { collectGarbage, verifyStore } from "@cache/core/maintenance";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { bound, cacheOver, slots } from "./slots.ts";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

for (const [title, slot] of Object.entries(slots)) {
  const own = slot();

  /** A store of some entries whose reads take a while, and how many of them there were at once. */
  async function bench() {
    const store = memoryStore({ maxBytes: 4_000_000 });
    const cache = cacheOver(store, own);
    for (let at = 0; at < 40; at++) await cache.set(`k${at}`, at % 4 === 0 ? "x".repeat(70_000) + (at % 8) : at);
    const busy = { now: 0, most: 0, asked: 0, failAfter: Number.POSITIVE_INFINITY };
    const slow = bound(store);
    slow.get = async (...args) => {
      busy.asked++;
      busy.most = Math.max(busy.most, ++busy.now);
      await sleep(1);
      busy.now--;
      if (busy.asked > busy.failAfter) throw new Error("gone");
      return store.get(...args);
    };
    return { slow, busy };
  }

  describe(`care of a ${title} store over a slow medium`, () => {
    it("looks at several things at once, and not at more than a few, and counts each once", async () => {
      const { slow, busy } = await bench();
      const report = await verifyStore({ store: slow, ...own });
      expect(report).toMatchObject({ damaged: 0, missing: 0, foreign: 0, orphaned: 0, problems: [] });
      expect(report.ok).toBeGreaterThanOrEqual(40);
      expect(busy.most).toBeGreaterThan(4);
      expect(busy.most).toBeLessThanOrEqual(16);
      busy.most = 0;
      await collectGarbage({ store: slow, ...own });
      expect(busy.most).toBeGreaterThan(4);
      expect(busy.most).toBeLessThanOrEqual(16);
    });

    it("ends with the first failure, and asks for nothing after that", async () => {
      const { slow, busy } = await bench();
      busy.failAfter = 10;
      await expect(verifyStore({ store: slow, ...own })).rejects.toThrow(
        expect.objectContaining({ code: "ERR_CACHE_STORE" }),
      );
      expect(busy.now).toBe(0);
      const { asked } = busy;
      await sleep(5);
      expect(busy.asked).toBe(asked);
      expect(asked).toBeLessThan(60);
    });

    it("damaged content that several entries name is damaged once, and missing for the others", async () => {
      const store = memoryStore({ maxBytes: 4_000_000 });
      const cache = cacheOver(store, own);
      for (let at = 0; at < 6; at++) await cache.set(`k${at}`, "x".repeat(70_000));
      for await (const { name } of store.list("blobs")) {
        const bytes = (await store.get(name)) as Uint8Array;
        bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
        await store.put(name, bytes);
      }
      const report = await verifyStore({ store, ...own });
      const sealed = own.seal !== undefined;
      expect(report).toMatchObject(sealed ? { damaged: 1, missing: 5 } : { damaged: 1, ok: 6 });
    });
  });
}
