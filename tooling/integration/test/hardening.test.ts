import { mkdirSync, readdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileStore } from "@cache/cas";
import { bytesCodec, CacheError, createCache, type Listed, type Store, split, tiered } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import { collectGarbage, listEntries, verifyStore } from "@cache/core/maintenance";
import { encodeRecord, integrityOnly, RecordKind, readClaim } from "@cache/core/record";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { cacheOver, directory, slots } from "./slots.ts";

const memory = () => memoryStore({ maxBytes: 64_000_000 });

async function listed(store: Store): Promise<Listed[]> {
  const all: Listed[] = [];
  for await (const each of store.list("entries")) all.push(each);
  return all;
}

describe("close", () => {
  it("a computation under way keeps its promise: its value is returned and kept", async () => {
    const store = memory();
    const cache = createCache({ store });
    let closed: Promise<void> | undefined;
    const value = cache.getOrSet("k", async () => {
      closed = cache.close();
      await new Promise((resolve) => setTimeout(resolve, 10));
      return 7;
    });
    expect(await value).toBe(7);
    await closed;
    expect(await createCache({ store }).get("k")).toBe(7);
  });

  for (const [title, slot] of Object.entries(slots)) {
    it(`${title}: every write that was begun has ended before the store is closed`, async () => {
      const store = memory();
      const order: string[] = [];
      const slow = (name: "put" | "delete") => {
        const call = store[name].bind(store) as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          const answer = await call(...args);
          order.push(name);
          return answer;
        };
      };
      const closing: Store = Object.assign(Object.create(store), {
        put: slow("put"),
        delete: slow("delete"),
        [Symbol.asyncDispose]: async () => void order.push("closed"),
      });
      const cache = cacheOver(closing, slot());
      const below = cache.namespace("below");
      const work = [
        cache.set("a", 1),
        below.setMany(Array.from({ length: 40 }, (_, i) => [`k${i}`, i] as const)),
        cache.delete("b"),
        cache.blobs.put(new Uint8Array(100)),
      ];
      await cache.close();
      expect(order.at(-1)).toBe("closed");
      await Promise.all(work);
      expect(order.at(-1)).toBe("closed");
      expect(order.filter((each) => each === "put").length).toBeGreaterThanOrEqual(42);
      await expect(cache.set("c", 1)).rejects.toThrow(/closed/);
      await expect(below.setMany([["c", 1]])).rejects.toThrow(/closed/);
    });
  }

  it("split closes both of its stores, each even if the other cannot", async () => {
    const closed: string[] = [];
    const closing = (name: string): Store =>
      Object.assign(memory(), {
        [Symbol.asyncDispose]: async () => {
          closed.push(name);
          throw new Error(name);
        },
      });
    const cache = createCache({ store: split({ blobs: closing("blobs"), entries: closing("entries") }) });
    await expect(cache.close()).rejects.toThrow();
    expect(closed.sort()).toEqual(["blobs", "entries"]);
    closed.length = 0;
    await expect(createCache({ store: tiered(closing("near"), closing("far")) }).close()).rejects.toThrow();
    expect(closed.sort()).toEqual(["far", "near"]);
  });
});

describe("many at once", () => {
  it("a failure is told, and the cache closed, when what was under way is over", async () => {
    const inner = memoryStore({ maxBytes: 1_000_000 });
    let running = 0;
    const store: Store = {
      ...inner,
      get: (name, options) => inner.get(name, options),
      async put(name, bytes, options) {
        running++;
        await new Promise((resolve) => setTimeout(resolve, running === 1 ? 1 : 20));
        running--;
        if (bytes.byteLength > 1000) throw new CacheError("ERR_CACHE_STORE", "full");
        return inner.put(name, bytes, options);
      },
    } as Store;
    const cache = createCache({ store });
    const values = Array.from({ length: 40 }, (_, i) => [`k${i}`, i === 0 ? "x".repeat(2000) : i] as const);
    const setting = expect(cache.setMany(values)).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await cache.close();
    expect(running).toBe(0);
    await setting;
  });

  it("a closed cache answers none of the calls, with no keys neither", async () => {
    const cache = createCache({ store: memoryStore({ maxBytes: 1_000_000 }) });
    await cache.close();
    await expect(cache.getMany([])).rejects.toThrow("closed");
    await expect(cache.setMany([])).rejects.toThrow("closed");
  });
});

describe("getOrSet", () => {
  it("leaves nothing behind on a signal that lives long", async () => {
    const stop = new AbortController();
    let listening = 0;
    const { signal } = stop;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => {
        listening += 1;
        add(...args);
      },
      removeEventListener: (...args: Parameters<typeof remove>) => {
        listening -= 1;
        remove(...args);
      },
    });
    const cache = createCache({ store: memory() });
    for (let i = 0; i < 5; i++) await cache.getOrSet(`k${i}`, () => i, { signal });
    expect(listening).toBe(0);
  });

  it("finds a lifetime that is none before it computes", async () => {
    const cache = createCache({ store: memory() });
    let computed = false;
    const compute = () => {
      computed = true;
      return 1;
    };
    await expect(cache.getOrSet("k", compute, { ttl: -1 })).rejects.toThrow(TypeError);
    expect(computed).toBe(false);
  });

  it("does not tell a computation to stop that has ended", async () => {
    const cache = createCache({ store: memory() });
    let seen: AbortSignal | undefined;
    await cache.getOrSet("k", (signal) => {
      seen = signal;
      return 1;
    });
    expect(seen?.aborted).toBe(false);
  });
});

describe("slots", () => {
  const wrong = [null, 0, 1.5, "text", {}, [], true, Symbol("s")];

  it.each(["store", "seal", "sign", "codec", "schema"])("%s: what only looks like one is refused at once", (slot) => {
    for (const value of wrong) {
      expect(() => createCache({ store: memory(), [slot]: value } as never)).toThrow(TypeError);
      expect(() => createCache({ store: memory(), [slot]: value } as never)).toThrow(slot);
    }
  });

  it("an option of another type is refused at once, null too: a default stands only for what is left out", () => {
    const numbers = ["inlineLimit", "maxBufferedBytes", "ttl"].map((name) => [name, [null, -1, Number.NaN, {}, true]]);
    const others = ["strict", "namespace", "writer", "onEvent", "now"].map((name) => [name, [null, 1, {}, []]]);
    for (const [name, values] of [...numbers, ...others] as [string, unknown[]][]) {
      for (const value of values)
        expect(() => createCache({ store: memory(), [name]: value } as never)).toThrow(TypeError);
    }
    const cache = createCache({ store: memory() });
    for (const slot of ["codec", "schema"]) expect(() => cache.namespace("a", { [slot]: null })).toThrow(TypeError);
  });

  it("getOrSet without a function is refused, also on a hit", async () => {
    const cache = createCache({ store: memory() });
    await cache.set("k", 1);
    await expect(cache.getOrSet("k", undefined as never)).rejects.toThrow(TypeError);
  });
});

describe("clock and lifetime", () => {
  it("a lifetime past the end of time is a value like any other", async () => {
    const cache = createCache({ store: memory() });
    await cache.set("k", 1, { ttl: Number.MAX_SAFE_INTEGER });
    expect(await cache.lookup("k")).toMatchObject({ state: "hit", expires: Number.MAX_SAFE_INTEGER });
  });

  it("a clock with fractions works, and one that gives no time makes nothing believed", async () => {
    const store = memory();
    const cache = createCache({ store, ttl: 10, now: () => 1_000.5 });
    await cache.set("k", 1);
    expect(await cache.get("k")).toBe(1);
    const broken = createCache({ store, now: () => Number.NaN });
    await expect(broken.get("k")).rejects.toThrow(TypeError);
    await expect(broken.set("k", 1)).rejects.toThrow(TypeError);
  });
});

describe("events", () => {
  it("a listener that fails later breaks nothing", async () => {
    const unhandled: unknown[] = [];
    const hear = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", hear);
    const cache = createCache({ store: memory(), onEvent: async () => Promise.reject(new Error("listener")) });
    await cache.set("k", 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("unhandledRejection", hear);
    expect(unhandled).toEqual([]);
  });
});

describe("tiered", () => {
  it("damage in the near copy costs the near copy; what another process has put far away stays", async () => {
    const [near, far] = [memory(), memory()];
    const other = createCache({ store: far });
    await other.set("k", 1);
    const [entry] = await listed(far);
    const name = entry?.name as Listed["name"];
    await near.put(name, Uint8Array.of(1, 2, 3));
    const cache = createCache({ store: tiered(near, far) });
    await cache.get("k");
    expect(await other.get("k")).toBe(1);
    expect(await cache.get("k")).toBe(1);
  });
});

describe("records", () => {
  it("a record of another kind is no entry, whatever signed it", async () => {
    const store = memory();
    const cache = createCache({ store, codec: bytesCodec });
    await cache.set("k", Uint8Array.of(1));
    const [entry] = await listed(store);
    const payload = Uint8Array.of(2);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", payload));
    const text = (value: string) => new TextEncoder().encode(value);
    const facts = { created: Date.now(), expires: 0, sequence: 1, size: 1, digest, namespace: "", writer: "" };
    const statement = { ...facts, kind: RecordKind.sealedFile, key: text("k"), metadata: text("bytes") };
    await store.put(entry?.name as Listed["name"], await encodeRecord(statement, integrityOnly, payload));
    expect(await cache.get("k")).toBeUndefined();
  });

  it("a codec's name that is no text makes a miss, and no failure of a read or of a listing", async () => {
    const store = memory();
    const cache = createCache({ store, codec: bytesCodec });
    await cache.set("k", Uint8Array.of(1));
    const [entry] = await listed(store);
    const name = entry?.name as Listed["name"];
    const { statement } = readClaim((await store.get(name)) as Uint8Array);
    const forged = { ...statement, metadata: Uint8Array.of(0xff) };
    await store.put(name, await encodeRecord(forged, integrityOnly, Uint8Array.of(1)));
    const states: string[] = [];
    for await (const { key, state } of listEntries({ store })) states.push(`${key} ${state}`);
    expect(states).toEqual(["k ERR_CACHE_CODEC"]);
    expect(await cache.lookup("k")).toMatchObject({ state: "rejected", code: "ERR_CACHE_CODEC" });
    expect(await cache.get("k")).toBeUndefined();
  });
});

describe("content", () => {
  for (const [title, slot] of Object.entries(slots)) {
    it(`${title}: a buffer used again while it is put changes nothing that is stored`, async () => {
      const cache = cacheOver(memory(), slot());
      const bytes = new Uint8Array(40_000).fill(1);
      const put = cache.blobs.put(bytes);
      bytes.fill(2);
      const digest = await put;
      const found = await cache.blobs.get(digest);
      expect(found && toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", found as BufferSource)))).toBe(digest);
      const raw = cacheOver(memory(), slot(), { codec: bytesCodec as never });
      for (const size of [40_000, 10]) {
        const value = new Uint8Array(size).fill(1);
        const set = raw.set("k", value);
        value.fill(2);
        await set;
        expect(await raw.get("k")).toEqual(new Uint8Array(size).fill(1));
      }
    });

    it(`${title}: a file that cannot be published keeps no stored file open`, async () => {
      const cache = cacheOver(fileStore(join(directory(), "s")), slot());
      const digest = await cache.blobs.put(new Uint8Array(500_000).fill(3));
      const to = directory();
      mkdirSync(join(to, "taken"));
      const before = readdirSync("/proc/self/fd").length;
      for (let i = 0; i < 20; i++) {
        const failure = await cache.blobs.toFile(digest, join(to, "absent", "f")).catch((error: CacheError) => error);
        expect(failure).toBeInstanceOf(Error);
        await expect(cache.blobs.toFile(digest, join(to, "taken"))).rejects.toThrow();
        const pieces = await cache.blobs.open(digest);
        await pieces?.[Symbol.asyncIterator]().return?.();
      }
      expect(readdirSync("/proc/self/fd").length).toBeLessThan(before + 10);
      expect(readdirSync(to)).toEqual(["taken"]);
    });
  }
});

describe("a put of a stream that is silent", () => {
  for (const [title, slot] of Object.entries(slots)) {
    it(`${title}: ends with the reason when it is aborted, leaves nothing, and closing does not wait for it`, async () => {
      for (const store of [memory(), fileStore(join(directory(), "s"))]) {
        const cache = cacheOver(store, slot());
        async function* silent(): AsyncGenerator<Uint8Array> {
          yield new Uint8Array(10);
          await new Promise(() => undefined);
        }
        const stop = new AbortController();
        const put = cache.blobs.put(silent(), { signal: stop.signal });
        setTimeout(() => stop.abort(new Error("enough")), 20);
        await expect(put).rejects.toThrow("enough");
        await cache.close();
        for await (const each of store.list("blobs")) expect(each).toBeUndefined();
      }
    });
  }

  it("a source that can be told is told to end, and one that ended before the abort is whole", async () => {
    const cache = createCache({ store: memory() });
    const [stop, later] = [new AbortController(), new AbortController()];
    const source = new Readable({ read: () => undefined });
    const put = cache.blobs.put(source, { signal: stop.signal });
    setTimeout(() => stop.abort(), 20);
    await expect(put).rejects.toMatchObject({ name: "AbortError" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(source.destroyed).toBe(true);
    const digest = await cache.blobs.put(Readable.from([Buffer.from("whole")]), { signal: later.signal });
    later.abort();
    expect(await cache.blobs.has(digest)).toBe(true);
  });
});

describe("planted files", () => {
  for (const [title, slot] of Object.entries(slots)) {
    it(`${title}: entries and notes of fifty gigabytes are passed over, and the next set heals`, async () => {
      const root = join(directory(), "s");
      const store = fileStore(root);
      const own = slot();
      const cache = cacheOver(store, own);
      await cache.set("k", 1);
      for await (const { name } of store.list("entries")) {
        const [hex = ""] = name.split("/").slice(1);
        const file = readdirSync(root, { recursive: true }).find((each) => String(each).includes(hex.slice(2)));
        truncateSync(join(root, String(file)), 50_000_000_000);
      }
      const care = { store, ...own };
      expect(await cache.get("k")).toBeUndefined();
      expect((await verifyStore(care)).ok).toBe(0);
      await collectGarbage(care);
      for await (const entry of listEntries(care)) expect(entry.state).not.toBe("ok");
      await cache.clear();
      await cache.set("k", 2);
      expect(await cache.get("k")).toBe(2);
      const states: string[] = [];
      for await (const entry of listEntries(care)) states.push(entry.state);
      expect(states).toEqual(["ok"]);
    });
  }
});
