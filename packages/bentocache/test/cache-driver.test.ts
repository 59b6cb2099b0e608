import { type CacheDriverOptions, cacheDriver } from "@cache/bentocache";
import { type Cache, type CacheEvent, createCache, type Store } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { BentoCache, bentostore } from "bentocache";
import { memoryDriver } from "bentocache/drivers/memory";
import type { CreateDriverResult, L2CacheDriver } from "bentocache/types";
import { describe, expect, it } from "vitest";

const memory = () => memoryStore({ maxBytes: "10MB" });

/** Bentocache as a process has it: with a memory of its own, or without, over a cache that others share. */
function open(cache: Cache, { own = true, ...options }: CacheDriverOptions & { own?: boolean } = {}) {
  const driver: CreateDriverResult<L2CacheDriver> = cacheDriver(cache, options);
  const store = own ? bentostore().useL1Layer(memoryDriver()) : bentostore();
  return new BentoCache({ default: "cache", stores: { cache: store.useL2Layer(driver) } });
}

/** A computation, and how often it ran. */
function counted<T>(value: T) {
  const runs = { count: 0 };
  const factory = () => {
    runs.count += 1;
    return value;
  };
  return { runs, factory };
}

describe("cacheDriver in Bentocache", () => {
  it("one process computes, another has it", async () => {
    const cache = createCache({ store: memory() });
    const { runs, factory } = counted({ name: "Ada" });
    for (const bento of [open(cache), open(cache), open(cache, { own: false })]) {
      expect(await bento.getOrSet({ key: "user", ttl: "1h", factory })).toEqual({ name: "Ada" });
    }
    expect(runs.count).toBe(1);
  });

  it("an entry whose time is over serves while computing anew fails, as long as its grace lasts", async () => {
    let now = Date.now();
    const cache = createCache({ store: memory(), now: () => now });
    const bento = open(cache, { own: false });
    await bento.set({ key: "a", value: "old", ttl: "1m", grace: "1h" });
    await bento.expire({ key: "a" });
    const factory = () => Promise.reject(new Error("the source is gone"));
    expect(await bento.getOrSet({ key: "a", ttl: "1m", grace: "1h", factory })).toBe("old");
    now += 2 * 3_600_000;
    await expect(bento.getOrSet({ key: "a", ttl: "1m", grace: "1h", factory })).rejects.toThrow("Factory");
  });

  it("deletes by tag what any process stored", async () => {
    const cache = createCache({ store: memory() });
    const [one, two] = [open(cache, { own: false }), open(cache, { own: false })];
    await one.set({ key: "a", value: 1, tags: ["users"] });
    await one.set({ key: "b", value: 2, tags: ["posts"] });
    await two.deleteByTag({ tags: ["users"] });
    expect(await one.get({ key: "a" })).toBeUndefined();
    expect(await one.get({ key: "b" })).toBe(2);
  });

  it("clears a namespace, or all of Bentocache's and nothing of the cache's own", async () => {
    const cache = createCache({ store: memory() });
    const bento = open(cache, { own: false });
    const users = bento.namespace("users");
    await cache.set("mine", 1);
    await bento.set({ key: "a", value: 1 });
    await users.set({ key: "a", value: 2 });
    await users.clear();
    expect(await bento.get({ key: "a" })).toBe(1);
    expect(await users.get({ key: "a" })).toBeUndefined();
    await bento.clear();
    expect(await bento.get({ key: "a" })).toBeUndefined();
    expect(await cache.get("mine")).toBe(1);
  });

  it("passes the time to live on, grace included, so that whoever looks after the store knows it", async () => {
    const cache = createCache({ store: memory() });
    await open(cache).set({ key: "a", value: 1, ttl: "1m", grace: "1h" });
    const found = await cache.namespace("bentocache").stat("bentocache:a");
    expect((found?.expires ?? 0) - (found?.created ?? 0)).toBe(3_600_000);
    await open(cache).setForever({ key: "b", value: 1 });
    expect(await cache.namespace("bentocache").stat("bentocache:b")).toMatchObject({ expires: undefined });
  });

  it("what was changed in the store is computed anew, and an event of the cache", async () => {
    const store = memory();
    const events: CacheEvent[] = [];
    const cache = createCache({ store, onEvent: (event) => events.push(event) });
    await open(cache).set({ key: "a", value: "sound" });
    for await (const { name } of store.list("entries")) await store.put(name, new TextEncoder().encode("poison"));
    expect(await open(cache).getOrSet({ key: "a", factory: () => "anew" })).toBe("anew");
    expect(events.some(({ type, level }) => type === "rejected" && level === "security")).toBe(true);
  });

  it("a store that fails is told, also where memory answers in its place", async () => {
    const gone = () => Promise.reject(new Error("the disk is gone"));
    const store: Store = { ...memory(), get: gone, put: gone };
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const cache = createCache({ store });
    expect(await open(cache, { onError }).getOrSet({ key: "a", factory: () => "computed" })).toBe("computed");
    expect(errors).toContainEqual(expect.objectContaining({ code: "ERR_CACHE_STORE" }));
    await expect(open(cache, { own: false }).get({ key: "a" })).rejects.toMatchObject({ code: "E_L2_CACHE_ERROR" });
  });

  it("leaves the cache open when Bentocache disconnects, unless it is told to close it", async () => {
    const cache = createCache({ store: memory() });
    await open(cache).disconnectAll();
    await cache.set("a", 1);
    await open(cache, { closeCache: true }).disconnectAll();
    await expect(cache.set("a", 1)).rejects.toThrow("closed");
  });

  it("has a prefix and a namespace of its own where that was asked for", async () => {
    const cache = createCache({ store: memory() });
    await open(cache, { namespace: "apart", prefix: "app:" }).set({ key: "a", value: 1 });
    expect(await cache.namespace("apart").has("app:a")).toBe(true);
    expect(() => cacheDriver(cache, { namespace: "a/b" })).toThrow(TypeError);
    expect(() => cacheDriver(cache, { directory: "x" } as object)).toThrow(TypeError);
  });
});
