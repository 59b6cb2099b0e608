import { type CacheEvent, memoize, memoizeGenerator } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { cacheOver, moment, slots } from "./slots.ts";

const [NOON, SECOND, MINUTE] = [1_800_000_000_000, 1000, 60_000];

for (const [title, slot] of Object.entries(slots)) {
  const own = slot();

  /** A cache with a clock set by hand, one value that lives a minute, and what it told. */
  async function bench() {
    const clock = { time: NOON };
    const events: CacheEvent[] = [];
    const store = memoryStore({ maxBytes: 1_000_000 });
    const cache = cacheOver(store, own, { now: () => clock.time, onEvent: (event) => events.push(event) });
    await cache.set("k", "old", { ttl: "1m" });
    const types = () => events.map(({ type }) => type);
    return { cache, clock, events, store, types };
  }

  describe(`a ${title} cache that may answer what is past its expiry`, () => {
    it("staleWhileRevalidate: answers at once and renews behind, once for all who ask", async () => {
      const { cache, clock, types } = await bench();
      clock.time = NOON + MINUTE + 30 * SECOND - 1;
      let runs = 0;
      let finish = (_: string): void => {};
      const computed = new Promise<string>((resolve) => (finish = resolve));
      const compute = () => {
        runs++;
        return computed;
      };
      const options = { ttl: "1m", staleWhileRevalidate: "30s" } as const;
      for (const _ of [1, 2, 3]) expect(await cache.getOrSet("k", compute, options)).toBe("old");
      finish("new");
      await expect.poll(() => types().includes("set") && types().at(-1)).toBe("set");
      expect(await cache.getOrSet("k", compute, options)).toBe("new");
      expect(runs).toBe(1);
      expect(types().filter((type) => type === "stale")).toHaveLength(3);
    });

    it("staleWhileRevalidate: when it has passed the caller waits for the new value", async () => {
      const { cache, clock } = await bench();
      clock.time = NOON + MINUTE + 30 * SECOND;
      expect(await cache.getOrSet("k", () => "new", { staleWhileRevalidate: "30s" })).toBe("new");
    });

    it("staleWhileRevalidate: a renewal that fails is an event, and the next caller starts another", async () => {
      const { cache, clock, types } = await bench();
      clock.time = NOON + MINUTE;
      const options = { staleWhileRevalidate: "30s" } as const;
      const fail = () => Promise.reject(new Error("no"));
      expect(await cache.getOrSet("k", fail, options)).toBe("old");
      await expect.poll(types).toContain("renewal-failed");
      expect(await cache.getOrSet("k", () => "new", options)).toBe("old");
      await expect.poll(() => cache.get("k")).toBe("new");
    });

    it("staleWhileRevalidate: closing waits for the renewal", async () => {
      const { cache, clock, types } = await bench();
      clock.time = NOON + MINUTE;
      const compute = () => new Promise<string>((resolve) => setTimeout(resolve, 20, "new"));
      expect(await cache.getOrSet("k", compute, { staleWhileRevalidate: "30s" })).toBe("old");
      const before = types().filter((type) => type === "set").length;
      await cache.close();
      expect(types().filter((type) => type === "set")).toHaveLength(before + 1);
    });

    it("staleWhileRevalidate: who needs the new value waits for the renewal, and computes nothing beside it", async () => {
      const { cache, clock } = await bench();
      clock.time = NOON + MINUTE;
      const { came, come } = moment();
      const renewing = () => came.then(() => "new");
      expect(await cache.getOrSet("k", renewing, { staleWhileRevalidate: "30s" })).toBe("old");
      clock.time += 30 * SECOND;
      const waiting = cache.getOrSet("k", () => expect.fail("it was computed"));
      // By the time that this is answered the other has looked, too.
      await cache.get("k");
      await cache.get("k");
      come();
      expect(await waiting).toBe("new");
    });

    it("staleWhileRevalidate: a value that is too old when it has been read is no answer when computing fails", async () => {
      const { store } = await bench();
      let time = NOON + MINUTE + 30 * SECOND - 1;
      const late = cacheOver(store, own, { now: () => time++ });
      const fail = () => Promise.reject(new Error("no"));
      await expect(late.getOrSet("k", fail, { staleWhileRevalidate: "30s" })).rejects.toThrow("no");
    });

    it("staleIfError: answers the older value when computing fails, to the millisecond", async () => {
      const { cache, clock, types } = await bench();
      const fail = () => Promise.reject(new Error("no"));
      clock.time = NOON + MINUTE + 30 * SECOND - 1;
      expect(await cache.getOrSet("k", fail, { staleIfError: "30s" })).toBe("old");
      expect(types()).toEqual(["set", "expired", "stale"]);
      expect(await cache.getOrSet("k", fail, { staleIfError: "30s", staleWhileRevalidate: "1s" })).toBe("old");
      clock.time += 1;
      await expect(cache.getOrSet("k", fail, { staleIfError: "30s" })).rejects.toThrow("no");
    });

    it("staleIfError: what is not expired is no reason to compute, and what can be computed is answered new", async () => {
      const { cache, clock, types } = await bench();
      const never = () => Promise.reject(new Error("asked"));
      expect(await cache.getOrSet("k", never, { staleIfError: "30s", staleWhileRevalidate: "30s" })).toBe("old");
      clock.time = NOON + MINUTE;
      expect(await cache.getOrSet("k", () => "new", { staleIfError: "30s" })).toBe("new");
      expect(types()).toEqual(["set", "hit", "expired", "set"]);
    });

    it("staleIfError: who aborts gets the abort, not the older value", async () => {
      const { cache, clock } = await bench();
      clock.time = NOON + MINUTE;
      const abort = new AbortController();
      const compute = (signal: AbortSignal) =>
        new Promise<string>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      const asked = cache.getOrSet("k", compute, { staleIfError: "30s", signal: abort.signal });
      setTimeout(() => abort.abort());
      await expect(asked).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    });

    it("nothing else answers it: get, lookup, has and a plain getOrSet see it expired", async () => {
      const { cache, clock } = await bench();
      clock.time = NOON + MINUTE;
      expect(await cache.get("k")).toBeUndefined();
      expect((await cache.lookup("k")).state).toBe("expired");
      expect(await cache.has("k")).toBe(false);
      expect(await cache.getOrSet("k", () => "new")).toBe("new");
    });

    it("nothing of it reaches who asks at the same time and takes none, and who takes one is not denied it", async () => {
      const { cache, clock } = await bench();
      clock.time = NOON + MINUTE;
      const fail = () => Promise.reject(new Error("no"));
      const [taken, denied, kept] = await Promise.allSettled([
        cache.getOrSet("k", fail, { staleWhileRevalidate: "30s" }),
        cache.getOrSet("k", fail),
        cache.getOrSet("k", fail, { staleIfError: "30s" }),
      ]);
      expect([taken, kept]).toEqual([
        { status: "fulfilled", value: "old" },
        { status: "fulfilled", value: "old" },
      ]);
      expect(denied).toMatchObject({ status: "rejected", reason: new Error("no") });
    });

    it("who takes none waits for the renewal that is under way, and begins no other", async () => {
      const { cache, clock } = await bench();
      clock.time = NOON + MINUTE;
      let finish = (_: string): void => {};
      const computed = new Promise<string>((resolve) => (finish = resolve));
      expect(await cache.getOrSet("k", () => computed, { staleWhileRevalidate: "30s" })).toBe("old");
      const asked = cache.getOrSet("k", () => "another");
      await cache.get("k");
      finish("new");
      expect(await asked).toBe("new");
    });

    it("results of functions are answered in the same way", async () => {
      const { cache, clock } = await bench();
      let fails = false;
      const price = () => (fails ? Promise.reject(new Error("no")) : 1);
      const options = { name: "price", ttl: "1m", staleIfError: "30s", staleWhileRevalidate: "10s" } as const;
      const memoized = memoize(cache, price, options);
      expect(await memoized()).toBe(1);
      fails = true;
      clock.time = NOON + MINUTE + 29 * SECOND;
      expect(await memoized()).toBe(1);
      clock.time += SECOND;
      await expect(memoized()).rejects.toThrow("no");
      expect(() => memoize(cache, price, { ...options, staleIfError: "soon" as never })).toThrow(TypeError);
      expect(() => memoizeGenerator(cache, function* () {}, options as never)).toThrow(/has no option "stale/);
    });

    it("refuses durations that are none", async () => {
      const { cache } = await bench();
      for (const wrong of [-1, Number.NaN, "soon", null]) {
        const options = { staleIfError: wrong } as never;
        await expect(cache.getOrSet("k", () => "new", options)).rejects.toThrow(TypeError);
      }
    });
  });
}
