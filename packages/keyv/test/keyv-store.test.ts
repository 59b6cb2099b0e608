import { type Cache, type CacheEvent, type CacheOptions, createCache, type Store, structuredCodec } from "@cache/core";
import { keyvStore } from "@cache/keyv";
import { memoryStore } from "@cache/memory";
import { Keyv as Keyv5 } from "keyv";
import { Keyv as Keyv6 } from "keyv6";
import { describe, expect, it } from "vitest";

/** Both versions, as much of them as they share. */
interface AnyKeyv {
  get(key: string): Promise<unknown>;
  getMany(keys: string[]): Promise<unknown[]>;
  set(key: string, value: unknown, ttl?: number): Promise<boolean>;
  setMany(entries: { key: string; value: unknown; ttl?: number }[]): Promise<boolean[]>;
  delete(key: string): Promise<boolean>;
  deleteMany(keys: string[]): Promise<boolean | boolean[]>;
  has(key: string): Promise<boolean>;
  hasMany(keys: string[]): Promise<boolean[]>;
  clear(): Promise<void>;
  disconnect(): Promise<void>;
  on(event: string, listener: (error: unknown) => void): unknown;
  iterator(namespace?: string): AsyncGenerator<[string, unknown]>;
}

const VERSIONS = [
  ["5", (cache: Cache, options = {}) => new Keyv5({ store: keyvStore(cache), ...options }) as unknown as AnyKeyv],
  ["6", (cache: Cache, options = {}) => new Keyv6({ store: keyvStore(cache), ...options }) as unknown as AnyKeyv],
] as const;

const memory = () => memoryStore({ maxBytes: "10MB" });
const cacheOf = (options: Partial<CacheOptions> = {}) => createCache({ store: memory(), ...options });

async function entriesOf(keyv: AnyKeyv): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for await (const [key, value] of keyv.iterator()) found[key] = value;
  return found;
}

/** A store in which one method fails. */
function failing(method: "get" | "put" | "delete" | "list"): Store {
  const gone = new Error("the disk is gone");
  // biome-ignore lint/correctness/useYield: it fails before it could
  const listing = async function* (): AsyncGenerator<never> {
    throw gone;
  };
  return { ...memory(), [method]: method === "list" ? listing : () => Promise.reject(gone) };
}

describe.each(VERSIONS)("keyvStore in Keyv %s", (version, keyvOn) => {
  it("gives each key of many its own answer", async () => {
    const keyv = keyvOn(cacheOf());
    expect(
      await keyv.setMany([
        { key: "a", value: 1 },
        { key: "b", value: 2, ttl: 60_000 },
      ]),
    ).toEqual([true, true]);
    expect(await keyv.getMany(["b", "none", "a"])).toEqual([2, undefined, 1]);
    expect(await keyv.hasMany(["b", "none", "a"])).toEqual([true, false, true]);
    expect(await keyv.deleteMany(["a", "none"])).toEqual(version === "5" ? false : [true, false]);
    expect(await keyv.getMany(["a", "b"])).toEqual([undefined, 2]);
  });

  it("of two values for one key in one call keeps the later", async () => {
    const keyv = keyvOn(cacheOf());
    await keyv.setMany([1, 2, 3].map((value) => ({ key: "a", value })));
    expect(await keyv.get("a")).toBe(3);
  });

  it("passes the time to live on, so that whoever looks after the store knows it", async () => {
    const cache = cacheOf();
    const keyv = keyvOn(cache);
    await keyv.set("a", 1, 60_000);
    await keyv.set("b", 1);
    const kept: (number | undefined)[] = [];
    for await (const key of cache.keys()) {
      const found = await cache.stat(key);
      kept.push(found?.expires === undefined ? undefined : found.expires - found.created);
    }
    expect(kept).toHaveLength(2);
    expect(kept).toContain(undefined);
    const [lifetime = 0] = kept.filter((each) => each !== undefined);
    // Keyv 6 counts from its own clock, and some of it may be over when the value is stored.
    expect(lifetime).toBeGreaterThan(59_000);
    expect(lifetime).toBeLessThanOrEqual(60_000);
  });

  it("a time to live that is over leaves nothing of the value before", async () => {
    const cache = cacheOf();
    const keyv = keyvOn(cache);
    await keyv.set("a", 1);
    await keyv.set("a", 2, 1e-9);
    await keyv.set("a", 3, -1);
    expect(await keyv.get("a")).toBe(version === "5" ? undefined : 3);
  });

  it("keeps namespaces apart, in what it lists and in what it clears", async () => {
    const cache = cacheOf();
    const [one, two] = ["one", "two"].map((namespace) => keyvOn(cache, { namespace }));
    if (one === undefined || two === undefined) throw new Error("two are needed");
    for (let n = 0; n < 300; n += 1) await one.set(`key${n}`, n);
    await two.set("key0", "of two");
    expect(Object.keys(await entriesOf(one))).toHaveLength(300);
    await one.clear();
    expect(await entriesOf(one)).toEqual({});
    expect(await entriesOf(two)).toEqual({ key0: "of two" });
  });

  it("without a namespace clears all of the cache's, and none of another's", async () => {
    const cache = cacheOf();
    const keyv = keyvOn(cache.namespace("sessions"), { namespace: undefined });
    await cache.set("mine", 1);
    await keyv.set("a", 1);
    expect(await keyv.has("mine")).toBe(false);
    await keyv.clear();
    expect(await keyv.has("a")).toBe(false);
    expect(await cache.get("mine")).toBe(1);
  });

  it("stores what Keyv does not serialize as the cache's codec can", async () => {
    const unserialized = version === "5" ? { serialize: undefined, deserialize: undefined } : { serialization: false };
    const keyv = keyvOn(cacheOf({ codec: structuredCodec }), unserialized);
    const value = new Map([["when", new Date(0)]]);
    await keyv.set("a", value);
    expect(await keyv.get("a")).toEqual(value);
    expect(await entriesOf(keyv)).toEqual({ a: value });
  });

  it("what was changed in the store is a miss, and an event of the cache", async () => {
    const store = memory();
    const events: CacheEvent[] = [];
    const keyv = keyvOn(cacheOf({ store, onEvent: (event) => events.push(event) }));
    const errors: unknown[] = [];
    keyv.on("error", (error) => errors.push(error));
    await keyv.set("a", "secret");
    for await (const { name } of store.list("entries")) await store.put(name, new TextEncoder().encode("poison"));
    expect(await keyv.get("a")).toBeUndefined();
    expect(await keyv.has("a")).toBe(false);
    expect(events.filter(({ level }) => level === "security").map(({ type }) => type)).toContain("rejected");
    expect(errors).toEqual([]);
  });

  it("an entry that somebody put in the place of another is a miss", async () => {
    const store = memory();
    const keyv = keyvOn(cacheOf({ store }));
    await keyv.set("a", "of a");
    let ofA: Uint8Array | undefined;
    for await (const { name } of store.list("entries")) ofA = await store.get(name);
    await keyv.set("b", "of b");
    for await (const { name } of store.list("entries")) await store.put(name, ofA ?? new Uint8Array());
    expect(await keyv.getMany(["a", "b"])).toEqual(["of a", undefined]);
  });

  it.each([
    ["get", (keyv: AnyKeyv) => keyv.get("a"), undefined],
    ["put", (keyv: AnyKeyv) => keyv.set("a", 1), false],
    ["delete", (keyv: AnyKeyv) => keyv.delete("a"), false],
    ["list", (keyv: AnyKeyv) => keyv.clear(), undefined],
  ] as const)("a store whose %s fails is one error event, and no silent miss", async (method, call, answer) => {
    const keyv = keyvOn(cacheOf({ store: failing(method) }));
    const errors: unknown[] = [];
    keyv.on("error", (error) => errors.push(error));
    expect(await call(keyv)).toBe(answer);
    expect(errors).toEqual([expect.objectContaining({ code: "ERR_CACHE_STORE" })]);
  });

  it.each([
    ["getMany", "get", (keyv: AnyKeyv) => keyv.getMany(["a"])],
    ["has", "get", (keyv: AnyKeyv) => keyv.has("a")],
    ["hasMany", "get", (keyv: AnyKeyv) => keyv.hasMany(["a", "b"])],
    ["iteration", "list", entriesOf],
  ] as const)("%s over a store that fails is one error event, whatever is answered", async (_, method, call) => {
    const keyv = keyvOn(cacheOf({ store: failing(method) }), { namespace: "n" });
    const errors: unknown[] = [];
    keyv.on("error", (error) => errors.push(error));
    await call(keyv).catch((error) => expect(error).toMatchObject({ code: "ERR_CACHE_STORE" }));
    expect(errors).toEqual([expect.objectContaining({ code: "ERR_CACHE_STORE" })]);
  });

  it("leaves the cache open when Keyv disconnects, for it is the application's", async () => {
    const cache = cacheOf();
    await keyvOn(cache).disconnect();
    await cache.set("a", 1);
    await keyvOn(cache, { store: keyvStore(cache, { closeCache: true }) }).disconnect();
    await expect(cache.set("a", 1)).rejects.toThrow("closed");
  });
});

describe("keyvStore", () => {
  it("in Keyv 5 throws what the store says where that was asked for", async () => {
    const keyv = new Keyv5({ store: keyvStore(cacheOf({ store: failing("get") })), throwOnErrors: true });
    keyv.on("error", () => {});
    await expect(keyv.get("a")).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
  });

  it("in Keyv 5 serves keys without a prefix as well", async () => {
    const keyv = new Keyv5({
      store: keyvStore(cacheOf()),
      useKeyPrefix: false,
      namespace: "app",
    }) as unknown as AnyKeyv;
    await keyv.set("a", 1);
    expect(await entriesOf(keyv)).toEqual({ a: 1 });
    await keyv.clear();
    expect(await keyv.has("a")).toBe(false);
  });

  it("in Keyv 6 serves several at once, each with its namespace", async () => {
    const store = keyvStore(cacheOf());
    const [one, two] = [new Keyv6({ store, namespace: "one" }), new Keyv6({ store, namespace: "two" })];
    await one.set("a", 1);
    await two.set("a", 2);
    await two.clear();
    expect(await one.get("a")).toBe(1);
    expect(await two.get("a")).toBeUndefined();
  });

  it("fits the types of both versions, bare and as an option", () => {
    const store = keyvStore(cacheOf());
    expect(new Keyv5(store)).toBeInstanceOf(Keyv5);
    expect(new Keyv6({ store })).toBeInstanceOf(Keyv6);
  });

  it("has no option that there is none of", () => {
    expect(() => keyvStore(cacheOf(), { close: true } as object)).toThrow(TypeError);
  });
});
