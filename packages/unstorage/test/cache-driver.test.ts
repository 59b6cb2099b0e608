import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { type CacheEvent, type CacheOptions, createCache, type Store } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { type CacheDriverOptions, cacheDriver } from "@cache/unstorage";
import { createStorage, type Driver, prefixStorage, restoreSnapshot, snapshot } from "unstorage";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "unstorage-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STORES: [string, () => Store][] = [
  ["memory", () => memoryStore({ maxBytes: "10MB" })],
  ["a directory", () => fileStore(mkdtempSync(join(folder, "store-")))],
];

function open(options: Partial<CacheOptions> = {}, own: CacheDriverOptions = {}) {
  const store = options.store ?? memoryStore({ maxBytes: "10MB" });
  const cache = createCache({ ...options, store });
  const driver: Driver = cacheDriver(cache, own);
  return { cache, store, driver, storage: createStorage({ driver }) };
}

describe.each(STORES)("a storage over %s", (_, storeOf) => {
  it("gives what was set, as what it was", async () => {
    const { storage } = open({ store: storeOf() });
    for (const value of ["text", "", "é\u{1f600}", 5, true, null, { a: [1, { b: null }] }, "0123"]) {
      await storage.setItem("a:b", value);
      expect(await storage.getItem("a:b")).toEqual(value);
    }
    expect(await storage.getItem("none")).toBeNull();
    expect(await storage.hasItem("none")).toBe(false);
    expect(await storage.hasItem("a:b")).toBe(true);
  });

  it("a key may be the beginning of another, and mean another path", async () => {
    const { storage } = open({ store: storeOf() });
    for (const key of ["foo", "foo:bar", "foo:bar:baz", "__proto__", "con", "A"]) await storage.setItem(key, key);
    expect(await storage.getItem("foo")).toBe("foo");
    expect((await storage.getKeys()).sort()).toEqual(["A", "__proto__", "con", "foo", "foo:bar", "foo:bar:baz"]);
    expect((await storage.getKeys("foo")).sort()).toEqual(["foo:bar", "foo:bar:baz"]);
    expect(await storage.getKeys("foo", { maxDepth: 1 })).toEqual(["foo:bar"]);
  });

  it("raw values come back byte for byte, and text as its bytes", async () => {
    const { storage } = open({ store: storeOf() });
    const bytes = Uint8Array.from({ length: 70_000 }, (__, index) => index);
    await storage.setItemRaw("raw", bytes);
    expect(await storage.getItemRaw("raw")).toEqual(bytes);
    await storage.setItemRaw("part", bytes.subarray(7, 9).buffer.slice(7, 9));
    expect(await storage.getItemRaw("part")).toEqual(new Uint8Array([7, 8]));
    await storage.setItem("text", "é");
    expect(await storage.getItemRaw("text")).toEqual(new Uint8Array([0xc3, 0xa9]));
    expect(await storage.getItemRaw("none")).toBeNull();
    await expect(storage.setItemRaw("object", { a: 1 })).rejects.toThrow(TypeError);
    await expect(storage.setItem("half a character", "\ud800")).rejects.toThrow(TypeError);
  });

  it("removes one item, all below a base, or everything", async () => {
    const { storage, cache, driver } = open({ store: storeOf() });
    await cache.set("mine", 1);
    for (const key of ["a:1", "a:2", "b:1"]) await storage.setItem(key, key);
    await storage.removeItem("a:1");
    await storage.removeItem("a:1");
    expect((await storage.getKeys()).sort()).toEqual(["a:2", "b:1"]);
    // The storage itself asks only drivers that are mounted below the base.
    await driver.clear?.("a:", {});
    expect(await storage.getKeys()).toEqual(["b:1"]);
    await storage.clear();
    expect(await storage.getKeys()).toEqual([]);
    expect(await cache.get("mine")).toBe(1);
  });

  it("works through prefixes, mounts and snapshots", async () => {
    const { storage, driver } = open({ store: storeOf() });
    const users = prefixStorage<string>(storage, "users");
    await users.setItem("ada", "Ada");
    expect(await storage.getItem("users:ada")).toBe("Ada");
    const taken = await snapshot(storage, "");
    await storage.clear();
    expect(await users.getKeys()).toEqual([]);
    await restoreSnapshot(storage, taken);
    expect(await users.getItem("ada")).toBe("Ada");
    const mounted = createStorage().mount("disk", driver);
    expect(await mounted.getItem("disk:users:ada")).toBe("Ada");
    expect(await mounted.getKeys("disk:users")).toEqual(["disk:users:ada"]);
  });

  it("sets and gets many, in the order asked", async () => {
    const { storage } = open({ store: storeOf() });
    await storage.setItems([
      { key: "a", value: 1 },
      { key: "b", value: 2 },
    ]);
    const found = await storage.getItems(["b", "none", "a"]);
    expect(found.map(({ value }) => value)).toEqual([2, null, 1]);
  });
});

describe("cacheDriver", () => {
  it("counts times to live in seconds: of an item, or of the driver", async () => {
    let now = Date.now();
    const { storage } = open({ now: () => now }, { ttl: 60 });
    await storage.setItem("usual", 1);
    await storage.setItem("short", 1, { ttl: 1.5 });
    await storage.setItem("over", 1);
    await storage.setItem("over", 2, { ttl: -1 });
    expect(await storage.getMeta("usual")).toMatchObject({ size: 1, ttl: 60, mtime: expect.any(Date) });
    expect(await storage.hasItem("over")).toBe(false);
    now += 1499;
    expect((await storage.getKeys()).sort()).toEqual(["short", "usual"]);
    now += 2;
    expect(await storage.getKeys()).toEqual(["usual"]);
    expect(await storage.getItem("short")).toBeNull();
  });

  it("takes no seconds for no limit of the driver's, as other drivers do", async () => {
    let now = Date.now();
    const { storage } = open({ now: () => now }, { ttl: 60 });
    await storage.setItem("zero", 1, { ttl: 0 });
    await storage.setItem("usual", 1, { ttl: null });
    expect(await open({}, { ttl: 0 }).storage.setItem("a", 1)).toBeUndefined();
    now += 60_001;
    expect(await storage.getKeys()).toEqual(["zero"]);
  });

  it("knows nothing of what is not there, and gives own data of a user besides", async () => {
    const { storage, driver } = open();
    expect(await driver.getMeta?.("none", {})).toBeNull();
    await storage.setItem("a", "abc");
    await storage.setMeta("a", { owner: "Ada" });
    expect(await storage.getMeta("a")).toMatchObject({ owner: "Ada", size: 3 });
    expect((await storage.getMeta("a")).ttl).toBeUndefined();
  });

  it("what was changed in the store is not there, is not listed, and is an event", async () => {
    const events: CacheEvent[] = [];
    const { storage, store } = open({ onEvent: (event) => events.push(event) });
    await storage.setItem("a", "secret");
    for await (const { name } of store.list("entries")) {
      const bytes = await store.get(name);
      if (bytes === undefined) throw new Error("nothing was stored");
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      await store.put(name, bytes);
    }
    expect(await storage.getKeys()).toEqual([]);
    expect(await storage.getItem("a")).toBeNull();
    expect(
      events.some(({ type, level }) => type === "quarantined" || (type === "rejected" && level === "security")),
    ).toBe(true);
  });

  it("a store that fails fails the call: it is no item that is not there", async () => {
    const gone = () => Promise.reject(new Error("the disk is gone"));
    const { store } = open();
    const { storage } = open({ store: { ...store, get: gone, put: gone, list: () => listing() } });
    const failed = { code: "ERR_CACHE_STORE" };
    await expect(storage.getItem("a")).rejects.toMatchObject(failed);
    await expect(storage.hasItem("a")).rejects.toMatchObject(failed);
    await expect(storage.setItem("a", 1)).rejects.toMatchObject(failed);
    await expect(storage.getKeys()).rejects.toMatchObject(failed);
  });

  it("keeps drivers with namespaces of their own apart", async () => {
    const { cache, storage } = open();
    const other = createStorage({ driver: cacheDriver(cache, { namespace: "other" }) });
    await storage.setItem("a", 1);
    await other.setItem("a", 2);
    await other.clear();
    expect(await storage.getItem("a")).toBe(1);
  });

  it("leaves the cache open when the storage is disposed of, unless it is told to close it", async () => {
    const { cache, storage } = open();
    await storage.dispose();
    await cache.set("a", 1);
    await createStorage({ driver: cacheDriver(cache, { closeCache: true }) }).dispose();
    await expect(cache.set("a", 1)).rejects.toThrow("closed");
  });

  it("refuses options that are none", () => {
    const { cache } = open();
    expect(() => cacheDriver(cache, { base: "x" } as object)).toThrow(TypeError);
    expect(() => cacheDriver(cache, { ttl: Number.NaN })).toThrow(TypeError);
    expect(() => cacheDriver(cache, { namespace: "a/b" })).toThrow(TypeError);
  });
});

// biome-ignore lint/correctness/useYield: it fails before it could
async function* listing(): AsyncGenerator<never> {
  throw new Error("the disk is gone");
}
