import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { referenceStore } from "@cache/conformance";
import { CacheError, type CacheEvent, type Leases, type Name, type Store, storeLeases, tiered } from "@cache/core";
import { storeStats, verifyStore } from "@cache/core/maintenance";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { bound, cacheOver, directory, slots, stores, strangers } from "./slots.ts";

const NAME: Name = `entries/${"0a".repeat(32)}`;
const OTHER: Name = `entries/${"0b".repeat(32)}`;
const SHORT = 40;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(Object.entries({ ...stores, reference: referenceStore }))("leases in a %s store", (_, open) => {
  it("one of many takes it; the others when it is given back; names are apart", async () => {
    const store = open();
    const takers = Array.from({ length: 8 }, () => storeLeases(store));
    const taken = (await Promise.all(takers.map((leases) => leases.take(NAME)))).filter((lease) => lease !== undefined);
    expect(taken).toHaveLength(1);
    expect(await storeLeases(store).take(NAME)).toBeUndefined();
    expect(await storeLeases(store).take(OTHER)).toBeDefined();
    await taken[0]?.release();
    expect(await storeLeases(store).take(NAME)).toBeDefined();
  });

  it("one that nobody renews is another's after its time, and its first holder hears of it", async () => {
    const store = open();
    const left = await storeLeases(store, { ttl: SHORT }).take(NAME);
    const waiting = storeLeases(store, { ttl: SHORT });
    expect(await waiting.take(NAME)).toBeUndefined();
    let next: Awaited<ReturnType<Leases["take"]>>;
    await expect.poll(async () => (next = await waiting.take(NAME)), { interval: 5 }).toBeDefined();
    expect(await left?.renew()).toBe(false);
    // What is another's by now is not given back by who lost it.
    await left?.release();
    expect(await next?.renew()).toBe(true);
    expect(await waiting.take(NAME)).toBeUndefined();
  });

  it("one that nobody renews is one other's, however many wait for it", async () => {
    const store = open();
    await storeLeases(store, { ttl: SHORT }).take(NAME);
    const waiting = Array.from({ length: 8 }, () => storeLeases(store, { ttl: SHORT }));
    const take = async () => (await Promise.all(waiting.map((leases) => leases.take(NAME)))).filter((lease) => lease);
    let taken = await take();
    while (taken.length === 0) taken = await take();
    expect(taken).toHaveLength(1);
  });

  it("one that is renewed stays its holder's for as long as that goes on", async () => {
    const store = open();
    const lease = await storeLeases(store, { ttl: SHORT }).take(NAME);
    const waiting = storeLeases(store, { ttl: SHORT });
    for (let round = 0; round < 8; round++) {
      expect(await lease?.renew()).toBe(true);
      expect(await waiting.take(NAME)).toBeUndefined();
      await sleep(SHORT / 4);
    }
  });
});

for (const [title, slot] of Object.entries(slots)) {
  const own = slot();
  describe(`${title} caches that take leases`, () => {
    it("compute a value once for all of them, however often they ask", async () => {
      const [store, apart] = [memoryStore({ maxBytes: 1_000_000 }), memoryStore({ maxBytes: 1_000_000 })];
      let runs = 0;
      const compute = async () => {
        runs++;
        await sleep(60);
        return { run: runs };
      };
      const caches = Array.from({ length: 6 }, () => cacheOver(store, own, { leases: storeLeases(apart) }));
      const values = await Promise.all(caches.map((cache) => cache.getOrSet("k", compute)));
      expect(values).toEqual(Array.from({ length: 6 }, () => ({ run: 1 })));
      expect(runs).toBe(1);
    });

    it("keep leases in the store of the values, where nobody takes them for anything else", async () => {
      const store = memoryStore({ maxBytes: 1_000_000 });
      const cache = cacheOver(store, own, { leases: storeLeases(store) });
      const seen: unknown[] = [];
      await cache.getOrSet("k", async () => {
        for await (const key of cache.keys()) seen.push(key);
        seen.push(await verifyStore({ store, ...own }), (await storeStats({ store })).entries);
        return 1;
      });
      expect(seen).toEqual([expect.objectContaining({ damaged: 0, foreign: 0, orphaned: 0 }), { count: 0, bytes: 0 }]);
      expect(await cache.get("k")).toBe(1);
    });
  });
}

describe("a cache that takes leases", () => {
  const open = (leases: Leases, more = {}) => {
    const events: CacheEvent[] = [];
    const store = memoryStore({ maxBytes: 1_000_000 });
    const cache = cacheOver(store, {}, { leases, onEvent: (event) => events.push(event), ...more });
    return { cache, events };
  };

  it("waits no longer than it is willing to: a stranger's lease that never ends costs time, and no value", async () => {
    const held: Leases = { ttl: 10_000, take: async () => undefined };
    const { cache } = open(held, { leaseWait: 50 });
    expect(await cache.getOrSet("k", () => "own")).toBe("own");
  });

  it.each([
    [new CacheError("ERR_CACHE_STORE", "no connection"), "ERR_CACHE_STORE"],
    [Object.assign(new Error("no connection"), { code: "ECONNREFUSED" }), undefined],
  ])("computes all the same when leases cannot be taken, and somebody hears of it: %s", async (error, code) => {
    const broken: Leases = { ttl: 10_000, take: () => Promise.reject(error) };
    const { cache, events } = open(broken);
    expect(await cache.getOrSet("k", () => "own")).toBe("own");
    expect(events).toContainEqual(expect.objectContaining({ type: "lease-failed", code }));
  });

  it("answers although who keeps the leases does not, whatever it was asked", async () => {
    const never = () => new Promise<never>(() => {});
    const lease = { renew: never, release: never };
    for (const take of [never, async () => lease]) {
      const { cache, events } = open({ ttl: SHORT, take });
      expect(await cache.getOrSet("k", () => sleep(SHORT / 2).then(() => "own"))).toBe("own");
      expect(new Set(events.map(({ type }) => type))).toEqual(new Set(["lease-failed", "miss", "set"]));
      await expect(cache.getOrSet("other", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    }
    const found = memoryStore({ maxBytes: 1_000_000 });
    const taking: Leases["take"] = async () => {
      await cacheOver(found, {}).set("k", "another's");
      return lease;
    };
    const late = cacheOver(found, {}, { leases: { ttl: SHORT, take: taking } });
    expect(await late.getOrSet("k", () => "own")).toBe("another's");
  });

  it("does not wait for leases that never answer: not when taking one, nor renewing it, nor giving it back", async () => {
    const never = () => new Promise<never>(() => {});
    const lease = { renew: async () => true, release: async () => {} };
    const hanging: readonly Leases[] = [
      { ttl: SHORT, take: never },
      { ttl: SHORT, take: async () => ({ ...lease, renew: never }) },
      { ttl: SHORT, take: async () => ({ ...lease, release: never }) },
    ];
    for (const leases of hanging) {
      const { cache, events } = open(leases);
      expect(await cache.getOrSet("k", () => sleep(SHORT).then(() => "own"))).toBe("own");
      expect(events.map(({ type }) => type)).toContain("lease-failed");
      await cache.close();
    }
  });

  it("gives back a lease that comes too late", async () => {
    let released = 0;
    const release = async () => void released++;
    const late: Leases = {
      ttl: SHORT,
      take: () => sleep(2 * SHORT).then(() => ({ renew: async () => true, release })),
    };
    const { cache } = open(late);
    expect(await cache.getOrSet("k", () => "own")).toBe("own");
    await expect.poll(() => released, { interval: 5 }).toBe(1);
  });

  it("gives the lease back when computing fails, so that the next one tries at once", async () => {
    const leases = storeLeases(referenceStore());
    const { cache } = open(leases);
    await expect(cache.getOrSet("k", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await cache.getOrSet("k", () => "own")).toBe("own");
  });

  it("renews while it computes, and a renewal that fails costs nothing but the lease", async () => {
    const medium = referenceStore();
    const leases = storeLeases(medium, { ttl: SHORT });
    const { cache } = open(leases);
    const other = open(storeLeases(medium, { ttl: SHORT })).cache;
    const computing = cache.getOrSet("k", () => sleep(SHORT * 5).then(() => "long"));
    await sleep(SHORT / 2);
    const asked: string[] = [];
    const waiting = other.getOrSet("k", () => {
      asked.push("computed");
      return "other";
    });
    await computing;
    // It has another store for its values, so it computes its own, but only in its turn.
    expect(asked).toEqual([]);
    expect(await waiting).toBe("other");
    const failing = bound(medium);
    const put: Store["put"] = (name, bytes, options) =>
      options?.ifAbsent === true ? medium.put(name, bytes, options) : Promise.reject(new Error("no"));
    const late = open(storeLeases({ ...failing, put }, { ttl: SHORT }));
    expect(await late.cache.getOrSet("k", () => sleep(SHORT).then(() => "kept"))).toBe("kept");
    expect(late.events.map(({ type }) => type)).toContain("lease-failed");
  });

  it("tries again to renew when the medium failed once", async () => {
    let renewed = (): void => {};
    const again = new Promise<void>((resolve) => (renewed = resolve));
    let tries = 0;
    const renew = async () => {
      if (++tries === 1) throw new Error("no connection");
      renewed();
      return true;
    };
    const { cache, events } = open({ ttl: SHORT, take: async () => ({ renew, release: async () => {} }) });
    expect(await cache.getOrSet("k", () => again.then(() => "own"))).toBe("own");
    expect(events.filter(({ type }) => type === "lease-failed")).toHaveLength(1);
  });

  it("an abort ends the wait at once", async () => {
    const held: Leases = { ttl: 10_000, take: async () => undefined };
    const { cache } = open(held);
    const abort = new AbortController();
    const asked = cache.getOrSet("k", () => "own", { signal: abort.signal });
    setTimeout(() => abort.abort(), 5);
    await expect(asked).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
  });

  it("takes none where it may not store what it computes", async () => {
    let asked = 0;
    const counting: Leases = {
      ttl: 1000,
      take: async () => {
        asked++;
        return undefined;
      },
    };
    const sign = strangers["signed with Ed25519"]?.().sign;
    const reader = { ...sign, identity: undefined } as never;
    const { cache } = open(counting, { sign: reader });
    expect(await cache.getOrSet("k", () => "own")).toBe("own");
    expect(asked).toBe(0);
  });

  it("refuses what are no leases, and waits that are none", () => {
    expect(() => open({ ttl: 1 } as never)).toThrow(TypeError);
    expect(() => open({ ttl: 0, take: async () => undefined })).toThrow(TypeError);
    expect(() => open(storeLeases(referenceStore()), { leaseWait: "soon" })).toThrow(TypeError);
    expect(() => storeLeases(referenceStore(), { ttl: 0 })).toThrow(TypeError);
    expect(() => storeLeases(referenceStore(), { tll: 1 } as never)).toThrow(TypeError);
    expect(() => storeLeases(null as never)).toThrow(TypeError);
  });
});

describe("caches whose tiers remember", () => {
  /** Six caches, each with a memory of its own before one store, which is where their leases are. */
  const six = (absentFor?: string) => {
    const far = referenceStore();
    let runs = 0;
    const compute = async () => {
      const run = ++runs;
      await sleep(SHORT);
      return run;
    };
    const caches = Array.from({ length: 6 }, () => {
      const store = tiered(referenceStore(), { store: far, absentFor });
      return { clock: { time: 1_800_000_000_000 }, store };
    }).map(({ clock, store }) => ({
      clock,
      cache: cacheOver(store, {}, { leases: storeLeases(far), now: () => clock.time }),
    }));
    const ask = () => Promise.all(caches.map(({ cache }) => cache.getOrSet("k", compute, { ttl: "1m" })));
    return { caches, ask, runs: () => runs };
  };

  it("that it was not there: a value is computed once all the same, and is there for all from then on", async () => {
    const { caches, ask, runs } = six("1h");
    expect(await ask()).toEqual(Array.from({ length: 6 }, () => 1));
    expect(await Promise.all(caches.map(({ cache }) => cache.get("k")))).toEqual(Array.from({ length: 6 }, () => 1));
    expect(runs()).toBe(1);
  });

  it("what has expired: the next value is computed once all the same", async () => {
    const { caches, ask, runs } = six();
    await ask();
    for (const { cache } of caches) expect(await cache.get("k")).toBe(1);
    for (const { clock } of caches) clock.time += 60_000;
    expect(await ask()).toEqual(Array.from({ length: 6 }, () => 2));
    expect(runs()).toBe(2);
  });
});

describe("processes that want one value", () => {
  const PROGRAM = fileURLToPath(new URL("./lease-program.mjs", import.meta.url));
  const start = (place: string, mode = "") => {
    const parts = ["entries", "leases", "k", "log"].map((part) => (part === "k" ? part : join(place, part)));
    return spawn(process.execPath, [PROGRAM, ...parts, mode], { stdio: ["ignore", "pipe", "inherit"] });
  };
  const computedIn = (place: string): string[] => {
    const log = join(place, "log");
    return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  };

  it("twelve on two stores: one computes it and all get it", async () => {
    const place = directory();
    const values = await Promise.all(Array.from({ length: 12 }, () => text(start(place).stdout)));
    const [pid] = computedIn(place);
    expect(computedIn(place)).toHaveLength(1);
    expect(new Set(values)).toEqual(new Set([`computed by ${pid}`]));
  }, 60_000);

  it("the holder is killed: another takes over, and all get its value", async () => {
    const place = directory();
    const holder = start(place, "hang");
    await expect.poll(() => computedIn(place), { timeout: 20_000 }).toHaveLength(1);
    const others = Array.from({ length: 4 }, () => text(start(place).stdout));
    holder.kill("SIGKILL");
    const values = await Promise.all(others);
    const [, pid] = computedIn(place);
    expect(computedIn(place)).toHaveLength(2);
    expect(new Set(values)).toEqual(new Set([`computed by ${pid}`]));
  }, 60_000);
});
