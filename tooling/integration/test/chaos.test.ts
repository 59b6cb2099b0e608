import { type CacheInChaos, chaos, EVERY_FAULT, type Fault, referenceStore } from "@cache/conformance";
import { type Store, tiered } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { cacheOver, slots, stores } from "./slots.ts";

const SEEDS = [1, 2, 3, Math.floor(Math.random() * 2 ** 32)];

for (const [store, makeStore] of Object.entries(stores)) {
  for (const [slot, makeSlots] of Object.entries(slots)) {
    it.each(SEEDS)(
      `a ${slot} cache over a ${store} store that fails in every way gives nothing wrong, and recovers (seed %i)`,
      async (seed) => {
        const report = await chaos((medium) => cacheOver(medium, makeSlots()), makeStore(), { seed, operations: 400 });
        expect(report.operations).toBe(400);
        expect(report.answers).toBeGreaterThan(20);
        expect(Object.keys(report.failures)).toContain("ERR_CACHE_STORE");
        for (const fault of Object.keys(EVERY_FAULT)) expect(report.injected[fault as Fault], fault).toBeGreaterThan(0);
      },
    );
  }
}

for (const [slot, makeSlots] of Object.entries(slots)) {
  for (const write of ["through", "back"] as const) {
    it.each(SEEDS)(
      `a ${slot} cache over a memory and a tier that is written ${write} and fails in every way does so, too (seed %i)`,
      async (seed) => {
        const store = (medium: Store) =>
          tiered(memoryStore({ maxBytes: 20_000 }), { store: medium, timeout: "1s", pause: 1, write });
        const run = chaos((medium) => cacheOver(store(medium), makeSlots()), referenceStore(), {
          seed,
          operations: 400,
        });
        const report = await run;
        expect(report.operations).toBe(400);
        expect(report.answers).toBeGreaterThan(20);
      },
    );
  }
}

/** What people write who trust their medium. */
function trusting(store: Store): CacheInChaos {
  const name = async (kind: "blobs" | "entries", bytes: Uint8Array) =>
    `${kind}/${Buffer.from(await crypto.subtle.digest("SHA-256", bytes as BufferSource)).toString("hex")}` as const;
  const keyed = (key: string) => name("entries", Buffer.from(key));
  const cache: CacheInChaos = {
    async get<T>(key: string) {
      const bytes = await store.get(await keyed(key)).catch(() => undefined);
      try {
        return bytes && (JSON.parse(Buffer.from(bytes).toString()) as T);
      } catch {
        return undefined;
      }
    },
    async set(key, value) {
      await store.put(await keyed(key), Buffer.from(JSON.stringify(value)));
    },
    has: async (key) => (await store.stat(await keyed(key))) !== undefined,
    delete: async (key) => store.delete(await keyed(key)),
    async getOrSet<T>(key: string, compute: (signal: AbortSignal) => T | Promise<T>) {
      return (await cache.get<T>(key)) ?? compute(AbortSignal.timeout(1000));
    },
    blobs: {
      async put(content) {
        const found = await name("blobs", content as Uint8Array);
        await store.put(found, content as Uint8Array);
        return found.slice(6);
      },
      get: (digest) => store.get(`blobs/${digest}`),
      open: (digest) => store.open(`blobs/${digest}`),
      has: async (digest) => (await store.stat(`blobs/${digest}`)) !== undefined,
      delete: (digest) => store.delete(`blobs/${digest}`),
      toFile: async () => false,
    },
  };
  return cache;
}

describe("the run itself", () => {
  it.each(["flip", "cut", "swap", "tear"] as const)(
    "finds a cache that does not verify, by %s alone",
    async (fault) => {
      const runs = [1, 2, 3].map((seed) =>
        chaos(trusting, referenceStore(), { seed, faults: { [fault]: 0.3 }, operations: 500 }),
      );
      for (const outcome of await Promise.allSettled(runs)) {
        expect(outcome).toMatchObject({ status: "rejected", reason: { name: "ConformanceError" } });
        expect((outcome as PromiseRejectedResult).reason.message).toMatch(/^seed [123], operation \d+: /);
      }
    },
  );

  it("finds a cache that does not recover", async () => {
    const stubborn = (store: Store): CacheInChaos => ({ ...trusting(store), set: async () => undefined });
    const run = chaos(stubborn, referenceStore(), { seed: 1, faults: {}, operations: 10 });
    await expect(run).rejects.toThrow(/once the medium is sound again/);
  });

  it("finds a failure without a code", async () => {
    const crude = (store: Store): CacheInChaos => ({
      ...trusting(store),
      has: () => Promise.reject(new Error("boom")),
    });
    await expect(chaos(crude, referenceStore(), { seed: 1, faults: {} })).rejects.toThrow(/without a code/);
  });

  it("does the same again for the same seed", async () => {
    const make = slots["sealed"] as () => object;
    const run = () => chaos((medium) => cacheOver(medium, make()), referenceStore(), { seed: 7, operations: 300 });
    expect(await run()).toEqual(await run());
  });
});
