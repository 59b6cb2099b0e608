import { type CacheEvent, type CacheOptions, createCache, type Store, tiered } from "@cache/core";
import { type HttpCacheStoreOptions, httpCacheStore } from "@cache/http";
import { memoryStore } from "@cache/memory";
import * as undici7 from "undici";
import type * as undici8 from "undici8";
import { describe, expect, it, onTestFinished } from "vitest";
import { startOrigin } from "./origin.ts";

/** Undici 8 does not start on the oldest Node that everything else here runs on. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isNew = major > 22 || (major === 22 && minor >= 19);
const VERSIONS: [string, typeof undici7][] = [
  ["7", undici7],
  ...(isNew ? [["8", (await import("undici8")) as unknown as typeof undici7] as [string, typeof undici7]] : []),
];

type Options7 = NonNullable<Parameters<typeof undici7.interceptors.cache>[0]>;
type Options8 = NonNullable<Parameters<typeof undici8.interceptors.cache>[0]>;

const FRESH = "public, max-age=600";
const memory = () => memoryStore({ maxBytes: "50MB" });

function cacheOf(options: Partial<CacheOptions> = {}) {
  return createCache({ store: memory(), ...options });
}

describe.each(VERSIONS)("undici %s with httpCacheStore", (_, undici) => {
  /** A client as one process has it, over a cache that others share. */
  function clientOf(cache: ReturnType<typeof cacheOf>, options: HttpCacheStoreOptions = {}) {
    const store: Options7["store"] & object = httpCacheStore(cache, options);
    const agent = new undici.Agent();
    onTestFinished(() => agent.destroy());
    const dispatcher = agent.compose(undici.interceptors.cache({ store }));
    return async (address: string, more: { method?: "GET" | "POST"; headers?: Record<string, string> } = {}) => {
      const { statusCode, headers, body } = await undici.request(address, { dispatcher, ...more });
      return { statusCode, headers, body: new Uint8Array(await body.arrayBuffer()) };
    };
  }

  const textOf = ({ body }: { body: Uint8Array }) => new TextDecoder().decode(body);

  it("what one process fetched, another has, for as long as it is fresh", async () => {
    const { address, asked } = await startOrigin((__, response) => {
      response.setHeader("cache-control", FRESH).setHeader("x-of", "origin").end("hello");
    });
    const cache = cacheOf();
    const one = clientOf(cache);
    // A client waits for what it stores itself, and not for others.
    for (let times = 0; times < 2; times += 1) expect(textOf(await one(`${address}/a`))).toBe("hello");
    const another = await clientOf(cache)(`${address}/a`);
    expect(textOf(another)).toBe("hello");
    expect(another.headers).toMatchObject({ "x-of": "origin", age: expect.any(String) });
    expect(asked).toEqual(["GET /a"]);
  });

  it("keeps the responses apart that the origin chose by headers", async () => {
    const { address, asked } = await startOrigin((request, response) => {
      const language = request.headers["accept-language"] ?? "none";
      response.setHeader("cache-control", FRESH).setHeader("vary", "accept-language").end(language);
    });
    const get = clientOf(cacheOf());
    for (const language of ["de", "fr", "de", "fr"]) {
      expect(textOf(await get(address, { headers: { "accept-language": language } }))).toBe(language);
    }
    expect(textOf(await get(address))).toBe("none");
    expect(textOf(await get(address))).toBe("none");
    expect(asked).toHaveLength(3);
  });

  it("asks whether a stale response still holds, and gives its body again", async () => {
    const { address, asked } = await startOrigin((request, response) => {
      response.setHeader("cache-control", "public, max-age=0, must-revalidate").setHeader("etag", '"v1"');
      if (request.headers["if-none-match"] === '"v1"') response.writeHead(304).end();
      else response.end("body");
    });
    const get = clientOf(cacheOf());
    for (let times = 0; times < 3; times += 1) {
      expect(await get(address).then(({ statusCode, body }) => [statusCode, new TextDecoder().decode(body)])).toEqual([
        200,
        "body",
      ]);
    }
    expect(asked).toHaveLength(3);
  });

  it("a method that changes things invalidates what was there, whoever asks next", async () => {
    let version = 1;
    const { address, asked } = await startOrigin((request, response) => {
      if (request.method === "POST") version += 1;
      response.setHeader("cache-control", FRESH).setHeader("vary", "accept").end(`version ${version}`);
    });
    const cache = cacheOf();
    const get = clientOf(cache);
    for (const accept of ["a", "b", "a", "b"]) await get(address, { headers: { accept } });
    expect(asked).toHaveLength(2);
    await get(address, { method: "POST" });
    for (const accept of ["a", "b", "a", "b"]) {
      expect(textOf(await get(address, { headers: { accept } }))).toBe("version 2");
    }
    expect(textOf(await clientOf(cache)(address, { headers: { accept: "a" } }))).toBe("version 2");
    expect(asked).toHaveLength(5);
  });

  it("a response that is invalidated while it arrives is not stored", async () => {
    const held: (() => void)[] = [];
    const { address, asked } = await startOrigin((request, response) => {
      response.setHeader("cache-control", FRESH);
      if (request.method === "POST" || held.length > 0) response.end("new");
      else response.write("old", () => held.push(() => response.end()));
    });
    const cache = cacheOf();
    const agent = new undici.Agent();
    onTestFinished(() => agent.destroy());
    const dispatcher = agent.compose(undici.interceptors.cache({ store: httpCacheStore(cache) }));
    const slow = await undici.request(address, { dispatcher });
    await (await undici.request(address, { dispatcher, method: "POST" })).body.text();
    held[0]?.();
    expect(await slow.body.text()).toBe("old");
    expect(await (await undici.request(address, { dispatcher })).body.text()).toBe("new");
    expect(asked).toEqual(["GET /", "POST /", "GET /"]);
  });

  it.each(["before its headers", "before its body ended"])(
    "a response that another process invalidates while it arrives, %s, is not stored",
    async (moment) => {
      const held: (() => void)[] = [];
      const early = moment === "before its headers";
      let version = "old";
      const { address, asked } = await startOrigin((request, response) => {
        if (request.method === "POST") version = "new";
        const body = version;
        const isHeld = request.method === "GET" && held.length === 0;
        response.setHeader("cache-control", FRESH);
        if (!isHeld) response.end(body);
        else if (early) held.push(() => response.end(body));
        else response.write(body, () => held.push(() => response.end()));
      });
      const cache = cacheOf();
      const [one, another] = [clientOf(cache), clientOf(cache)];
      const slow = one(address);
      while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await another(address, { method: "POST" });
      held[0]?.();
      expect(textOf(await slow)).toBe("old");
      expect(textOf(await another(address))).toBe("new");
      expect(textOf(await one(address))).toBe("new");
      expect(asked).toEqual(["GET /", "POST /", "GET /"]);
    },
  );

  it("what another process stored late is not answered to the one that invalidated it", async () => {
    const held: (() => void)[] = [];
    let version = "old";
    const { address } = await startOrigin((request, response) => {
      if (request.method === "POST") version = "new";
      response.setHeader("cache-control", FRESH).end(version);
    });
    const shared = memory();
    // The process that is late sees nothing of an invalidation: its looks for one find what was there long ago.
    const late: Store = {
      ...shared,
      put: async (name, bytes, options) => {
        if (held.length === 0) await new Promise<void>((resolve) => held.push(resolve));
        return shared.put(name, bytes, options);
      },
    };
    const [one, another] = [clientOf(cacheOf({ store: late })), clientOf(cacheOf({ store: shared }))];
    const slow = one(address);
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await another(address, { method: "POST" });
    const answers = Promise.all([1, 2, 3].map(async () => textOf(await another(address))));
    held[0]?.();
    expect(textOf(await slow)).toBe("old");
    expect(await answers).toEqual(["new", "new", "new"]);
    expect(textOf(await another(address))).toBe("new");
  });

  it("an invalidation is looked for where others say it, past a memory in front", async () => {
    const held: (() => void)[] = [];
    let version = 1;
    const { address } = await startOrigin((request, response) => {
      if (request.method === "POST") version += 1;
      const body = `version ${version}`;
      response.setHeader("cache-control", FRESH);
      if (request.method === "GET" && version === 2 && held.length === 0) held.push(() => response.end(body));
      else response.end(body);
    });
    const shared = memory();
    const inFront = () => cacheOf({ store: tiered(memory(), shared) });
    const [one, another] = [clientOf(inFront()), clientOf(inFront())];
    await one(address);
    await another(address, { method: "POST" });
    const near = inFront();
    const slow = clientOf(near)(address);
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // An older note lies in the memory in front.
    await near.namespace("http").get(`invalidated GET ${address}/`);
    await another(address, { method: "POST" });
    held[0]?.();
    expect(textOf(await slow)).toBe("version 2");
    expect(textOf(await clientOf(cacheOf({ store: shared }))(address))).toBe("version 3");
  });

  it("what could not be looked at is not kept", async () => {
    const { address } = await startOrigin((__, response) => {
      response.setHeader("cache-control", FRESH).end("hello");
    });
    const shared = memory();
    let puts = 0;
    const failing: Store = {
      ...shared,
      put: async (...args) => {
        puts += 1;
        return shared.put(...args);
      },
      get: (...args) => (puts === 1 ? Promise.reject(new Error("the disk is gone")) : shared.get(...args)),
    };
    const errors: unknown[] = [];
    await clientOf(cacheOf({ store: failing }), { onError: (error) => errors.push(error) })(address);
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    const keys = [];
    for await (const key of cacheOf({ store: shared }).namespace("http").keys()) keys.push(key);
    expect([keys, errors]).toEqual([[], [expect.objectContaining({ code: "ERR_CACHE_STORE" })]]);
  });

  it("a store that never answers holds a request for as long as was said, and no longer", async () => {
    const { address, asked } = await startOrigin((__, response) => {
      response.setHeader("cache-control", FRESH).end("hello");
    });
    const never = () => new Promise<never>(() => {});
    const errors: unknown[] = [];
    const store: Store = { ...memory(), get: never, put: never, delete: never };
    const get = clientOf(cacheOf({ store }), { timeout: "50ms", onError: (error) => errors.push(error) });
    for (let times = 0; times < 2; times += 1) expect(textOf(await get(address))).toBe("hello");
    await get(address, { method: "POST" });
    expect(textOf(await get(address))).toBe("hello");
    expect(asked).toHaveLength(4);
    expect(errors[0]).toMatchObject({ code: "ERR_CACHE_STORE" });
  });

  it("a header that is called as what every object has is one that the request has not", async () => {
    const { address, asked } = await startOrigin((__, response) => {
      response.setHeader("cache-control", FRESH).setHeader("vary", "constructor, toString").end("hello");
    });
    const errors: unknown[] = [];
    const get = clientOf(cacheOf(), { onError: (error) => errors.push(error) });
    for (let times = 0; times < 3; times += 1) expect(textOf(await get(address))).toBe("hello");
    expect(errors).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it("what could not be invalidated is not given out afterwards", async () => {
    let isFailing = false;
    const { address } = await startOrigin((request, response) => {
      if (request.method === "POST") isFailing = true;
      response.setHeader("cache-control", FRESH).end(isFailing ? "new" : "old");
    });
    const sound = memory();
    let failures = 0;
    const fail = () => {
      failures += 1;
      return Promise.reject(new Error("the disk is gone"));
    };
    const store: Store = { ...sound, delete: (name, options) => (failures < 8 ? fail() : sound.delete(name, options)) };
    const get = clientOf(cacheOf({ store }), { onError: () => {} });
    for (let times = 0; times < 2; times += 1) expect(textOf(await get(address))).toBe("old");
    await get(address, { method: "POST" });
    for (let times = 0; times < 12; times += 1) expect(textOf(await get(address))).toBe("new");
    expect(failures).toBeGreaterThan(0);
  });

  it("stores nothing that must not be stored", async () => {
    const { address, asked } = await startOrigin((__, response) => {
      response.setHeader("cache-control", "no-store").end("secret");
    });
    const cache = cacheOf();
    const get = clientOf(cache);
    await get(address);
    await get(address);
    expect(asked).toHaveLength(2);
    expect(await cache.namespace("http").keys().next()).toMatchObject({ done: true });
  });

  it("a large body comes back byte for byte, and one that is too large goes past the cache whole", async () => {
    const body = Uint8Array.from({ length: 1_000_000 }, (__, index) => index * 7);
    const { address, asked } = await startOrigin((__, response) => {
      response.setHeader("cache-control", FRESH).end(body);
    });
    const get = clientOf(cacheOf());
    for (let times = 0; times < 2; times += 1) expect((await get(address)).body).toEqual(body);
    expect(asked).toHaveLength(1);
    const small = clientOf(cacheOf(), { maxEntrySize: "999KB" });
    for (let times = 0; times < 2; times += 1) expect((await small(address)).body).toEqual(body);
    expect(asked).toHaveLength(3);
  });

  it("a response that broke off is not stored", async () => {
    let isBreaking = true;
    const { address, asked } = await startOrigin((__, response) => {
      response.setHeader("cache-control", FRESH).setHeader("content-length", "10");
      if (isBreaking) response.write("12345", () => response.destroy());
      else response.end("1234567890");
    });
    const get = clientOf(cacheOf());
    await expect(get(address)).rejects.toThrow();
    isBreaking = false;
    expect(textOf(await get(address))).toBe("1234567890");
    expect(asked).toHaveLength(2);
  });

  it.each(["entries", "blobs"] as const)(
    "what was changed among the %s is fetched again, and an event",
    async (kind) => {
      const body = "x".repeat(100_000);
      const { address, asked } = await startOrigin((__, response) => {
        response.setHeader("cache-control", FRESH).end(body);
      });
      const store = memory();
      const events: CacheEvent[] = [];
      const get = clientOf(cacheOf({ store, onEvent: (event) => events.push(event) }));
      for (let times = 0; times < 2; times += 1) await get(address);
      expect(asked).toHaveLength(1);
      for await (const { name } of store.list(kind)) await store.put(name, new TextEncoder().encode("poison"));
      expect(textOf(await get(address))).toBe(body);
      expect(textOf(await get(address))).toBe(body);
      expect(asked).toHaveLength(2);
      expect(events.some(({ type, level }) => type === "rejected" && level === "security")).toBe(true);
    },
  );

  it("a response that somebody put in the place of another's is fetched again", async () => {
    const { address, asked } = await startOrigin((request, response) => {
      response.setHeader("cache-control", FRESH).end(`of ${request.url}`);
    });
    const store = memory();
    const get = clientOf(cacheOf({ store }));
    for (let times = 0; times < 2; times += 1) await get(`${address}/a`);
    let ofA: Uint8Array | undefined;
    for await (const { name } of store.list("entries")) ofA = await store.get(name);
    for (let times = 0; times < 2; times += 1) await get(`${address}/b`);
    for await (const { name } of store.list("entries")) await store.put(name, ofA ?? new Uint8Array());
    expect(textOf(await get(`${address}/b`))).toBe("of /b");
    expect(textOf(await get(`${address}/a`))).toBe("of /a");
    expect(asked).toEqual(["GET /a", "GET /b", "GET /b"]);
  });

  it("a store that fails sends requests to their origin, and is told", async () => {
    const { address, asked } = await startOrigin((__, response) => {
      response.setHeader("cache-control", FRESH).end("hello");
    });
    const gone = () => Promise.reject(new Error("the disk is gone"));
    const store: Store = { ...memory(), get: gone, put: gone, delete: gone };
    const errors: unknown[] = [];
    const get = clientOf(cacheOf({ store }), { onError: (error) => errors.push(error) });
    expect(textOf(await get(address))).toBe("hello");
    expect(textOf(await get(address))).toBe("hello");
    await get(address, { method: "POST" });
    expect(asked).toHaveLength(3);
    expect(errors.length).toBeGreaterThanOrEqual(3);
    expect(errors[0]).toMatchObject({ code: "ERR_CACHE_STORE" });
  });

  it("takes addresses of any length", async () => {
    const { address, asked } = await startOrigin((request, response) => {
      response.setHeader("cache-control", FRESH).end(String(request.url?.at(-1)));
    });
    const get = clientOf(cacheOf());
    for (const last of ["a", "b", "a"]) expect(textOf(await get(`${address}/${"x".repeat(9000)}${last}`))).toBe(last);
    expect(asked).toHaveLength(2);
  });

  it("entries end when the last of their responses may be used no more", async () => {
    const { address } = await startOrigin((__, response) => {
      response.setHeader("cache-control", "public, max-age=100").end("hello");
    });
    const cache = cacheOf();
    const get = clientOf(cache);
    for (let times = 0; times < 2; times += 1) await get(address);
    const found = await cache.namespace("http").stat(`GET ${address}/`);
    expect(found?.expires).toBeGreaterThan(Date.now() + 90_000);
  });
});

describe("httpCacheStore", () => {
  const request = { origin: "http://a.example", method: "GET", path: "/" };

  it("fits the types of both versions", () => {
    const store = httpCacheStore(cacheOf());
    const both: [Options7, Options8] = [{ store }, { store }];
    expect(both).toHaveLength(2);
  });

  it("stores no response whose time is over", () => {
    const response = { statusCode: 200, statusMessage: "", headers: {}, cachedAt: 0, staleAt: 0, deleteAt: 1 };
    expect(httpCacheStore(cacheOf()).createWriteStream(request, response)).toBeUndefined();
  });

  it("takes nothing for a response that has not the form of one", async () => {
    const cache = cacheOf();
    for (const value of [null, "text", [null], [{ statusCode: 200 }], { 0: {} }]) {
      await cache.namespace("http").set("GET http://a.example/", value);
      expect(await httpCacheStore(cache).get(request)).toBeUndefined();
    }
  });

  it("refuses options that are none", () => {
    expect(() => httpCacheStore(cacheOf(), { maxCount: 1 } as object)).toThrow(TypeError);
    expect(() => httpCacheStore(cacheOf(), { maxEntrySize: "much" })).toThrow(TypeError);
  });
});
