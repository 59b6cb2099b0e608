import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileStore, monotonicStore } from "@cache/cas";
import type { CacheEvent, CacheOptions, MonotonicStore } from "@cache/core";
import { Keyring, MasterKey } from "@cache/core/keyring";
import { collectGarbage, resealStore, verifyStore } from "@cache/core/maintenance";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { hmacSigner } from "@cache/signer";
import { describe, expect, it } from "vitest";
import { cacheOver, directory, slots, stores } from "./slots.ts";

const NOON = 1_800_000_000_000;
const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];
const LONG = "x".repeat(30_000);

/** A clock that is set by hand. */
class Clock {
  time = NOON;
  readonly now = (): number => this.time;
}

/** Moves to make between any two calls: to the millisecond, across the skew, and by years. */
const STEPS = [1, -1, 299 * SECOND, -299 * SECOND, 301 * SECOND, -301 * SECOND, HOUR, -HOUR, -1e11, 2e11];

for (const [title, slot] of Object.entries(slots)) {
  describe(`a ${title} cache whose clock is set`, () => {
    const own = slot();

    it.each(Object.entries(stores))("%s store: an entry lives to the millisecond, for every call", async (_, store) => {
      const clock = new Clock();
      const cache = cacheOver(store(), own, { now: clock.now });
      for (const value of ["short", LONG]) {
        clock.time = NOON;
        await cache.set("k", value, { ttl: "1m" });
        clock.time = NOON + MINUTE - 1;
        expect(await cache.get("k")).toBe(value);
        expect(await cache.has("k")).toBe(true);
        expect(await cache.getOrSet("k", () => "computed")).toBe(value);
        clock.time = NOON + MINUTE;
        expect((await cache.lookup("k")).state).toBe("expired");
        expect(await cache.has("k")).toBe(false);
        expect(await cache.get("k")).toBeUndefined();
        expect((await cache.getMany(["k"])).size).toBe(0);
        clock.time = NOON + MINUTE + 1;
        expect((await cache.lookup("k")).state).toBe("expired");
        // Nothing was destroyed by looking: without a memory of what was seen a clock that goes back revives it.
        clock.time = NOON + MINUTE - 1;
        expect(await cache.get("k")).toBe(value);
      }
      clock.time = NOON + MINUTE;
      expect(await cache.getOrSet("k", () => "computed", { ttl: "1m" })).toBe("computed");
      expect(await cache.get("k")).toBe("computed");
    });

    it("a writer 299 and 300 s ahead is believed, one 1 ms more is a miss that stays, until the clock is there", async () => {
      const store = memoryStore({ maxBytes: 64_000_000 });
      const events: CacheEvent[] = [];
      const clock = new Clock();
      const reader = cacheOver(store, own, { now: clock.now, onEvent: (event) => events.push(event) });
      for (const [ahead, state] of [
        [299 * SECOND, "hit"],
        [300 * SECOND, "hit"],
        [300 * SECOND + 1, "rejected"],
        [301 * SECOND, "rejected"],
      ] as const) {
        const key = `k${ahead}`;
        await cacheOver(store, own, { now: () => NOON + ahead }).set(key, LONG);
        expect((await reader.lookup(key)).state, key).toBe(state);
        expect(await reader.has(key)).toBe(state === "hit");
      }
      const rejected = events.filter(({ type }) => type === "rejected");
      expect(rejected.map(({ level, code }) => `${level} ${code}`)).toEqual(
        Array(2).fill("warning ERR_CACHE_NOT_YET_VALID"),
      );
      expect(events.filter(({ type }) => type === "quarantined")).toEqual([]);
      expect((await verifyStore({ store, ...own, now: clock.now })).damaged).toBe(0);
      clock.time += SECOND;
      expect(await reader.get(`k${300 * SECOND + 1}`)).toBe(LONG);
    });

    it("steps back and forth between any calls lose nothing, give nothing wrong and set nothing aside", async () => {
      const store = memoryStore({ maxBytes: 64_000_000 });
      const clock = new Clock();
      const loud: CacheEvent[] = [];
      const onEvent = (event: CacheEvent) => void (event.level === "security" && loud.push(event));
      const cache = cacheOver(store, own, { now: clock.now, onEvent });
      for (const step of STEPS) {
        clock.time = NOON;
        await cache.set("k", step);
        await cache.set("forgotten", LONG, { ttl: "1m" });
        clock.time += step;
        expect([step, undefined]).toContain(await cache.get("k"));
        expect((await verifyStore({ store, ...own, now: clock.now })).damaged).toBe(0);
        await cache.has("forgotten");
        // Whoever writes now has the last word, whatever the clock says.
        await cache.set("k", -step);
        expect(await cache.get("k"), `after ${step}`).toBe(-step);
        expect(await cache.getOrSet("k", () => "never")).toBe(-step);
        clock.time = NOON;
        expect([-step, undefined]).toContain(await cache.get("k"));
      }
      expect(loud).toEqual([]);
    });

    it("a collection goes by its clock alone: one set back keeps everything, and what is valid stays", async () => {
      const store = fileStore(join(directory(), "store"));
      const clock = new Clock();
      const cache = cacheOver(store, own, { now: clock.now });
      await cache.set("kept", LONG);
      await cache.set("gone", `${LONG}!`, { ttl: "1h" });
      const collect = (now: number) => collectGarbage({ store, ...own, keep: "30m", now: () => now });
      for (const step of [-1e11, -HOUR, -301 * SECOND, 0, HOUR - 1]) await collect(NOON + step);
      clock.time = NOON + HOUR - 1;
      expect([await cache.get("kept"), await cache.get("gone")]).toEqual([LONG, `${LONG}!`]);
      await collect(NOON + HOUR);
      clock.time = NOON;
      expect([await cache.get("kept"), await cache.get("gone")]).toEqual([LONG, undefined]);
    });

    it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 2 ** 53, "noon", undefined, 1n])(
      "a clock that says %s makes every call fail, and nothing is believed, kept or removed by it",
      async (time) => {
        const store = memoryStore({ maxBytes: 64_000_000 });
        await cacheOver(store, own).set("k", LONG);
        const now = (() => time) as CacheOptions["now"];
        const cache = cacheOver(store, own, { now });
        const calls = [
          () => cache.get("k"),
          () => cache.has("k"),
          () => cache.set("k", 1),
          () => cache.getOrSet("k", () => 1),
          () => verifyStore({ store, ...own, now }),
          () => collectGarbage({ store, ...own, keep: "1m", now }),
        ];
        for (const call of calls) await expect(call()).rejects.toThrow(TypeError);
        expect(await cacheOver(store, own).get("k")).toBe(LONG);
      },
    );
  });
}

describe("sealing again while the clock is set", () => {
  it.each(STEPS)(
    "a step of %d ms changes no time that an entry states; only what its clock calls expired goes",
    async (step) => {
      const [first, second] = [MasterKey.generate(), MasterKey.generate()];
      const store = memoryStore({ maxBytes: 64_000_000 });
      const slotsOf = (...keys: [MasterKey, ...MasterKey[]]) => {
        const keyring = Keyring.of(...keys);
        return { seal: sealer(keyring), sign: hmacSigner(keyring) };
      };
      await cacheOver(store, slotsOf(first), { now: () => NOON }).set("k", LONG, { ttl: "1h" });
      const { expired } = await resealStore({ store, ...slotsOf(second, first), now: () => NOON + step });
      expect(expired).toBe(step < HOUR ? 0 : 1);
      const { damaged } = await verifyStore({ store, ...slotsOf(second, first), now: () => NOON });
      expect(damaged).toBe(0);
      const reader = cacheOver(store, slotsOf(second, first), { now: () => NOON + HOUR - 1 });
      const whole = { state: "hit", value: LONG, created: NOON, expires: NOON + HOUR };
      expect(await reader.lookup("k")).toMatchObject(step < HOUR ? whole : { state: "miss" });
    },
  );
});

describe("a cache that remembers what it saw, and whose clock is set", () => {
  const sealed = () => slots["sealed and signed"]?.() ?? {};

  function bench(path = join(directory(), "state"), store = memoryStore({ maxBytes: 64_000_000 })) {
    const clock = new Clock();
    const events: CacheEvent[] = [];
    const rollback: MonotonicStore = monotonicStore(path);
    const own = sealed();
    const onEvent = (event: CacheEvent) => void events.push(event);
    const cache = cacheOver(store, own, { rollback, now: clock.now, onEvent });
    const again = (time: number) => cacheOver(store, own, { rollback: monotonicStore(path), now: () => time, onEvent });
    return { clock, events, cache, again };
  }

  it("a clock that is far behind one that was seen revives nothing that expires, and says so", async () => {
    const { clock, events, cache, again } = bench();
    await cache.set("expires", 1, { ttl: "1h" });
    await cache.set("stays", 2);
    clock.time = NOON + 2 * HOUR;
    expect((await cache.lookup("expires")).state).toBe("expired");
    events.length = 0;
    clock.time = NOON + MINUTE;
    // In this process, and in the next one.
    for (const each of [cache, again(NOON + MINUTE)]) {
      expect((await each.lookup("expires")).state).toBe("expired");
      expect(await each.has("expires")).toBe(false);
      expect(await each.get("stays")).toBe(2);
      expect(await each.getOrSet("expires", () => "computed", { ttl: "1h" })).toBe("computed");
    }
    expect(events.find(({ type }) => type === "clock-behind")).toMatchObject({ level: "warning", plane: "entries" });
    expect(events.filter(({ level }) => level === "security")).toEqual([]);
    clock.time = NOON + 2 * HOUR;
    await cache.set("expires", 3, { ttl: "1h" });
    expect(await cache.get("expires")).toBe(3);
  });

  it("a clock that is behind by no more than clocks may differ is as good as right", async () => {
    const { clock, events, cache } = bench();
    await cache.set("expires", 1, { ttl: "1h" });
    clock.time = NOON + 300 * SECOND;
    expect(await cache.get("expires")).toBe(1);
    clock.time = NOON;
    expect(await cache.get("expires")).toBe(1);
    clock.time = NOON + 30 * MINUTE;
    expect(await cache.get("expires")).toBe(1);
    clock.time -= 300 * SECOND;
    expect(await cache.get("expires")).toBe(1);
    clock.time -= 1;
    expect((await cache.lookup("expires")).state).toBe("expired");
    expect(events.filter(({ type }) => type === "clock-behind")).toHaveLength(1);
  });

  it("the time that was seen is kept by reads of what is expired or absent, and by writes", async () => {
    for (const touch of ["get", "miss", "set", "delete"] as const) {
      const { clock, cache, again } = bench();
      await cache.set("expires", 1, { ttl: "1h" });
      clock.time = NOON + 2 * HOUR;
      if (touch === "get") await cache.get("expires");
      if (touch === "miss") await cache.get("none");
      if (touch === "set") await cache.set("other", 1);
      if (touch === "delete") await cache.delete("other");
      expect((await again(NOON + MINUTE).lookup("expires")).state, touch).toBe("expired");
    }
  });

  it("a time that was seen and was wrong is forgotten as the manual says", async () => {
    const path = join(directory(), "state");
    const { clock, cache, again } = bench(path);
    clock.time = NOON + 1e11;
    await cache.get("none");
    clock.time = NOON;
    await cache.set("k", 1, { ttl: "1h" });
    expect(await again(NOON).get("k")).toBeUndefined();
    rmSync(join(path, "v1", "3a", "3afa7ef80800a74e025e552f84a1018058072aef373eaab8d8ee807605555edc"), {
      recursive: true,
    });
    expect(await again(NOON).get("k")).toBe(1);
  });

  it("an entry that this memory has seen is its own, though its number is ahead of a clock set back by seconds", async () => {
    const store = memoryStore({ maxBytes: 64_000_000 });
    const { clock, events, cache } = bench(undefined, store);
    await cacheOver(store, sealed(), { now: () => NOON + 299 * SECOND }).set("k", "theirs");
    expect(await cache.get("k")).toBe("theirs");
    await cache.set("k", "ours");
    expect(await cache.get("k")).toBe("ours");
    clock.time -= 2 * SECOND;
    expect(await cache.get("k")).toBe("ours");
    expect(events.filter(({ level }) => level === "security")).toEqual([]);
    await expect(cache.set("k", "again")).rejects.toMatchObject({ code: "ERR_CACHE_ROLLBACK" });
    expect(await cache.get("k")).toBe("ours");
  });

  it("steps between calls set nothing aside but what was really put back", async () => {
    const { clock, events, cache } = bench();
    for (const step of STEPS) {
      clock.time = NOON;
      await cache.set(`k${step}`, step);
      clock.time += step;
      expect([step, undefined]).toContain(await cache.get(`k${step}`));
      clock.time = NOON;
      expect(await cache.get(`k${step}`)).toBe(step);
    }
    expect(events.filter(({ level }) => level === "security")).toEqual([]);
  });
});
