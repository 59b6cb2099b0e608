import { referenceStore } from "@cache/conformance";
import { CacheError, createCache, type Name, type Store, type Tier, type TierEvent, tiered } from "@cache/core";
import { collectGarbage, listEntries, verifyStore } from "@cache/core/maintenance";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { bound, cacheOver, slots } from "./slots.ts";

const NAME: Name = `entries/${"0a".repeat(32)}`;
const one = Uint8Array.of(1);
const two = Uint8Array.of(2);
const LARGE = "x".repeat(200_000);

const refused = () => new CacheError("ERR_CACHE_STORE", "connection refused");

/** A store that can be made to fail, to hang and to answer again, and what it was asked. */
function moody(inner: Store = referenceStore()) {
  const mood = { is: "well" as "well" | "failing" | "hanging", asked: [] as string[], inner };
  const store = bound(inner);
  for (const method of ["get", "open", "put", "putStream", "stat", "delete"] as const) {
    const answer = store[method] as (...args: unknown[]) => Promise<unknown>;
    const moodily = (...args: unknown[]) => {
      mood.asked.push(method);
      if (mood.is === "failing") return Promise.reject(refused());
      return mood.is === "hanging" ? new Promise(() => {}) : answer(...args);
    };
    Object.assign(store, { [method]: moodily });
  }
  const list = store.list;
  store.list = (...args) => {
    if (mood.is !== "well") throw refused();
    return list(...args);
  };
  return Object.assign(mood, { store });
}

const memory = () => memoryStore({ maxBytes: 16_000_000 });

/** A cache over a memory and a far tier, and what the tier told. */
function bench(slot: Parameters<typeof cacheOver>[1] = {}, more: Partial<Tier> = {}) {
  const far = moody();
  const events: TierEvent[] = [];
  const tier: Tier = { store: far.store, timeout: 30, pause: 20, onEvent: (event) => events.push(event), ...more };
  const near = memory();
  const store = tiered(near, tier);
  const types = () => events.map(({ type }) => type);
  return { far, near, store, events, types, cache: cacheOver(store, slot) };
}

for (const [title, slot] of Object.entries(slots)) {
  const own = slot();
  describe.each(["failing", "hanging"] as const)(`a ${title} cache over a far tier that is %s`, (mood) => {
    it("answers what is near, computes what is not, and keeps what is set: no call fails", async () => {
      const { far, cache, types } = bench(own);
      await cache.set("near", 1);
      await cacheOver(far.inner, own).set("far", 1);
      far.is = mood;
      expect(await cache.get("near")).toBe(1);
      expect(await cache.get("far")).toBeUndefined();
      expect(await cache.lookup("none")).toEqual({ state: "miss" });
      expect(await cache.has("none")).toBe(false);
      expect(await cache.getOrSet("computed", () => LARGE)).toBe(LARGE);
      await cache.set("set", LARGE);
      expect(await cache.get("set")).toBe(LARGE);
      const digest = await cache.blobs.put(Buffer.from("content"));
      expect(await cache.blobs.has(digest)).toBe(true);
      expect(await cache.blobs.get("0a".repeat(32))).toBeUndefined();
      expect(types()).toContain("failed");
    });

    it("gives it what it missed when it is back: the newest of each, for everybody who reads it", async () => {
      const { far, cache, types } = bench(own);
      await cache.set("k", "before");
      far.is = mood;
      for (const value of ["first", "second", LARGE]) await cache.set("k", value);
      await cache.set("other", 1);
      expect(await cache.get("k")).toBe(LARGE);
      far.is = "well";
      await expect.poll(types, { interval: 5 }).toContain("paid");
      const elsewhere = cacheOver(far.inner, own);
      expect(await elsewhere.get("k")).toBe(LARGE);
      expect(await elsewhere.get("other")).toBe(1);
      expect(types().at(-1)).toBe("paid");
    });

    it("whoever deletes, or decides by an answer, hears of it: nothing is taken for gone", async () => {
      const { far, store, cache } = bench(own);
      await cache.set("k", LARGE);
      far.is = mood;
      const failure = expect.objectContaining({ code: "ERR_CACHE_STORE" });
      await expect(cache.delete("k")).rejects.toThrow(failure);
      await expect(store.get(NAME)).rejects.toThrow(failure);
      await expect(store.stat(NAME)).rejects.toThrow(failure);
      await expect(verifyStore({ store, ...own })).rejects.toThrow(failure);
      await expect(collectGarbage({ store, ...own })).rejects.toThrow(failure);
      far.is = "well";
      expect(await cacheOver(far.inner, own).get("k")).toBe(LARGE);
    });
  });
}

describe("a tier that fails", () => {
  it("is asked by one caller at a time, after each pause, and not by every one", async () => {
    const { far, cache } = bench({}, { pause: "1h" });
    far.is = "hanging";
    await Promise.all(Array.from({ length: 5 }, (_, at) => cache.get(`k${at}`)));
    far.asked.length = 0;
    for (let at = 0; at < 50; at++) expect(await cache.get(`k${at}`)).toBeUndefined();
    expect(far.asked).toEqual([]);
  });

  it("tells once that it recovered, and is asked as before", async () => {
    const { far, cache, types } = bench();
    far.is = "failing";
    await cache.get("k");
    far.is = "well";
    await createCache({ store: far.inner, namespace: "builds" }).set("k", 1);
    await expect.poll(() => cache.get("k"), { interval: 5 }).toBe(1);
    expect(types()).toEqual(["failed", "recovered"]);
  });

  it("is the caller's affair when it is required", async () => {
    const { far, cache } = bench({}, { required: true });
    far.is = "failing";
    const failure = expect.objectContaining({ code: "ERR_CACHE_STORE" });
    await expect(cache.get("k")).rejects.toThrow(failure);
    await expect(cache.set("k", 1)).rejects.toThrow(failure);
  });

  it("aborts are the caller's, and no failure of the tier", async () => {
    const { far, cache, types } = bench({}, { timeout: "1h" });
    far.is = "hanging";
    const asked = cache.get("k", { signal: AbortSignal.timeout(5) });
    await expect(asked).rejects.toThrow(expect.objectContaining({ name: "TimeoutError" }));
    expect(types()).toEqual([]);
  });

  it("nor is what it refuses: the caller hears of it", async () => {
    const full = new CacheError("ERR_CACHE_LIMIT", "too long");
    const inner = referenceStore();
    const aborting: Store["get"] = (_, options) =>
      new Promise((_resolve, reject) =>
        options?.signal?.addEventListener("abort", () => reject(options.signal?.reason)),
      );
    const { store, cache, types } = bench(
      {},
      { store: { ...bound(inner), put: () => Promise.reject(full), get: aborting } },
    );
    await expect(store.put(NAME, one)).rejects.toBe(full);
    expect(await inner.get(NAME)).toBeUndefined();
    await expect(store.get("entries/x" as Name, { orMiss: true })).rejects.toThrow(TypeError);
    const [reason, stop] = [new Error("enough"), new AbortController()];
    const reading = store.get(NAME, { orMiss: true, signal: stop.signal });
    setImmediate(() => stop.abort(reason));
    await expect(reading).rejects.toBe(reason);
    expect(types()).toEqual([]);
    await cache.close();
  });

  it("that has no room for what it missed makes a put fail", async () => {
    const { far, near, store } = bench({}, { maxOwed: 1034 });
    far.is = "failing";
    await store.put(NAME, new Uint8Array(10));
    const other: Name = `entries/${"0b".repeat(32)}`;
    await expect(store.put(other, one)).rejects.toThrow(expect.objectContaining({ code: "ERR_CACHE_STORE" }));
    expect(await store.get(NAME)).toEqual(new Uint8Array(10));
    await near.delete(NAME);
    const reading = store.get(NAME, { limit: 9 });
    await expect(reading).rejects.toThrow(expect.objectContaining({ code: "ERR_CACHE_LIMIT" }));
    expect(await store.get(NAME, { limit: 10 })).toEqual(new Uint8Array(10));
  });

  it("a stream that it could not take fails, for nobody can send it again", async () => {
    const { far, cache } = bench();
    far.is = "hanging";
    const content = new Blob([LARGE]).stream() as unknown as AsyncIterable<Uint8Array>;
    await expect(cache.blobs.put(content)).rejects.toThrow(expect.objectContaining({ code: "ERR_CACHE_STORE" }));
  });

  it("is waited for no longer where the source of a stream has failed", async () => {
    const stuck: Store = {
      ...bound(referenceStore()),
      async putStream({ body }) {
        try {
          for await (const _ of body);
        } catch {
          // It removes what it has, and never comes to an end.
        }
        return new Promise(() => {});
      },
    };
    const { cache } = bench({}, { store: stuck });
    async function* source() {
      yield one;
      throw new Error("the source failed");
    }
    await expect(cache.blobs.put(source())).rejects.toThrow(expect.objectContaining({ code: "ERR_CACHE_STORE" }));
  });

  it("a source that is slow is no slow tier", async () => {
    const { cache } = bench();
    async function* slow() {
      for (let at = 0; at < 3; at++) {
        await new Promise((resolve) => setTimeout(resolve, 40));
        yield Uint8Array.of(at);
      }
    }
    const digest = await cache.blobs.put(slow());
    expect(await cache.blobs.get(digest)).toEqual(Uint8Array.of(0, 1, 2));
  });

  it("what it refuses for good is told as lost, and is not in the way of the rest", async () => {
    const inner = referenceStore();
    const far = moody({
      ...bound(inner),
      put: (name, bytes, options) =>
        bytes.byteLength > 5
          ? Promise.reject(new CacheError("ERR_CACHE_LIMIT", "too long"))
          : inner.put(name, bytes, options),
    });
    const { types, store } = bench({}, { store: far.store });
    far.is = "failing";
    const other: Name = `entries/${"0b".repeat(32)}`;
    await store.put(other, new Uint8Array(6));
    await store.put(NAME, one);
    far.is = "well";
    await expect.poll(types, { interval: 5 }).toContain("paid");
    expect(types()).toContain("lost");
    expect(await inner.get(NAME)).toEqual(one);
  });
});

it("writes that fail again and again are not in the way of the others that are owed", async () => {
  const inner = referenceStore();
  const nameOf = (at: number): Name => `entries/${at.toString(16).padStart(64, "0")}`;
  const sick = new Set(Array.from({ length: 20 }, (_, at) => nameOf(at)));
  const put: Store["put"] = (name, ...rest) => (sick.has(name) ? Promise.reject(refused()) : inner.put(name, ...rest));
  const { store } = bench({}, { store: { ...bound(inner), put }, write: "back", pause: 1 });
  for (const name of [...sick, NAME]) await store.put(name, one);
  await expect.poll(() => inner.get(NAME), { interval: 5 }).toEqual(one);
});

describe("a near tier that fails", () => {
  const open = () => {
    const near = moody(memory());
    const far = referenceStore();
    const cache = createCache({ store: tiered({ store: near.store, timeout: 30, pause: 20 }, far) });
    return { near, far, cache };
  };

  it.each(["failing", "hanging"] as const)(
    "%s: reads and writes go past it, and its old copies stay unread",
    async (mood) => {
      const { near, far, cache } = open();
      await cache.set("k", "old");
      near.is = mood;
      expect(await cache.get("k")).toBe("old");
      await cache.set("k", "new");
      expect(await cache.get("k")).toBe("new");
      near.is = "well";
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(await cache.get("k")).toBe("new");
      expect(await createCache({ store: far }).get("k")).toBe("new");
      // By now the copy is the new one again.
      await expect.poll(() => createCache({ store: near.inner }).get("k")).toBe("new");
    },
  );
});

it("a near tier that fails is not asked for a while, and a required one fails the put, with the reason", async () => {
  const near = moody(memory());
  const tier = { store: near.store, pause: "1h" } as const;
  const store = tiered(tier, referenceStore());
  near.is = "failing";
  await store.put(NAME, one);
  near.asked.length = 0;
  await store.put(NAME, two);
  expect(await store.get(NAME, { orMiss: true })).toEqual(two);
  expect(near.asked).toEqual([]);
  const failure = expect.objectContaining({ code: "ERR_CACHE_STORE", message: "connection refused" });
  const required = tiered({ ...tier, required: true }, referenceStore()).put(NAME, one);
  await expect(required).rejects.toThrow(failure);
});

it("a near tier that fails costs no put, however many names it misses", async () => {
  const [near, far] = [moody(memory()), memory()];
  const store = tiered({ store: near.store, pause: 20 }, far);
  const nameOf = (at: number): Name => `entries/${at.toString(16).padStart(64, "0")}`;
  const [early, late] = [nameOf(1), nameOf(66_000)];
  for (const name of [early, late]) await store.put(name, one);
  near.is = "failing";
  for (let at = 0; at <= 66_000; at++) await store.put(nameOf(at), two);
  near.is = "well";
  for (const name of [early, late]) expect(await store.get(name)).toEqual(two);
  // Of what it took again the near tier is believed, and of nothing else.
  const copied = () => store.get(late).then(() => near.inner.get(late));
  await expect.poll(copied, { interval: 5 }).toEqual(two);
  far.get = () => expect.fail("the near tier was not asked");
  expect(await store.get(late)).toEqual(two);
});

describe("what a tier is owed", () => {
  it("does not replace what another machine has written since", async () => {
    const { far, cache, types } = bench();
    far.is = "hanging";
    await cache.set("k", "late");
    await new Promise((resolve) => setTimeout(resolve, 5));
    const other = createCache({ store: far.inner, namespace: "builds" });
    await other.set("k", "newer");
    far.is = "well";
    await expect.poll(types, { interval: 5 }).toContain("paid");
    expect(await other.get("k")).toBe("newer");
  });

  it("goes there content first, so that nobody finds an entry without it", async () => {
    const { far, cache, types } = bench();
    far.is = "failing";
    await cache.set("a", LARGE);
    await cache.set("b", "small");
    const order: string[] = [];
    const put = far.store.put;
    far.store.put = async (name, ...rest) => {
      const result = await put(name, ...rest);
      order.push(name.slice(0, 5));
      return result;
    };
    far.is = "well";
    await expect.poll(types, { interval: 5 }).toContain("paid");
    expect(order).toEqual(["blobs", "entri", "entri"]);
  });

  it("holds back an entry while content is owed", async () => {
    const { far, cache, types } = bench();
    far.is = "failing";
    await cache.blobs.put(new Uint8Array(100_000));
    far.is = "well";
    await cache.set("a", 1);
    let contents = 0;
    for await (const _ of far.inner.list("blobs")) contents++;
    let entries = 0;
    for await (const _ of far.inner.list("entries")) entries++;
    expect(entries).toBeLessThanOrEqual(contents);
    await expect.poll(types, { interval: 5 }).toContain("paid");
    expect(await createCache({ store: far.inner, namespace: "builds" }).get("a")).toBe(1);
  });
});

describe("absentFor", () => {
  it("a name that the tier lacks is not asked for again, until this process puts it", async () => {
    const { far, cache } = bench({}, { absentFor: "1h" });
    expect(await cache.get("k")).toBeUndefined();
    far.asked.length = 0;
    for (let at = 0; at < 5; at++) expect(await cache.get("k")).toBeUndefined();
    expect(far.asked).toEqual([]);
    await createCache({ store: far.inner, namespace: "builds" }).set("k", 2);
    expect(await cache.get("k")).toBeUndefined();
    await cache.set("k", 1);
    expect(await cache.get("k")).toBe(1);
  });

  it("a name that the tier lacked is asked for again when the time is over", async () => {
    const { far, cache } = bench({}, { absentFor: 20 });
    expect(await cache.get("k")).toBeUndefined();
    await createCache({ store: far.inner, namespace: "builds" }).set("k", 2);
    await expect.poll(() => cache.get("k"), { interval: 5 }).toBe(2);
  });

  it("a put that overtakes a look is not hidden by it", async () => {
    const far = bound(referenceStore());
    let release = (): void => {};
    const look = far.get;
    far.get = async (...args) => {
      const found = await look(...args);
      await new Promise<void>((resolve) => (release = resolve));
      return found;
    };
    const store = tiered(memoryStore({ maxBytes: 1000 }), { store: far, absentFor: "1h" });
    const looking = store.get(NAME, { orMiss: true });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await store.put(NAME, one);
    release();
    expect(await looking).toBeUndefined();
    await store.delete(NAME);
    await store.put(NAME, two);
    far.get = look;
    expect(await store.get(NAME, { orMiss: true })).toEqual(two);
  });

  it("a tier that fails is not remembered as empty", async () => {
    const { far, cache } = bench({}, { absentFor: "1h", pause: 5 });
    await createCache({ store: far.inner, namespace: "builds" }).set("k", 1);
    far.is = "failing";
    expect(await cache.get("k")).toBeUndefined();
    far.is = "well";
    await expect.poll(() => cache.get("k"), { interval: 5 }).toBe(1);
  });
});

describe("a tier that is written back", () => {
  it("gets every put in the end, and nobody waits for it", async () => {
    const { far, cache, types } = bench({}, { write: "back" });
    far.is = "hanging";
    await cache.set("k", LARGE);
    expect(await cache.get("k")).toBe(LARGE);
    far.is = "well";
    await expect.poll(types, { interval: 5 }).toContain("paid");
    expect(await cacheOver(far.inner, {}).get("k")).toBe(LARGE);
  });

  it("a close gives it what is owed; what it does not take then makes the close fail", async () => {
    const paid = bench({}, { write: "back" });
    for (let at = 0; at < 20; at++) await paid.cache.set(`k${at}`, at);
    await paid.cache.close();
    const found: string[] = [];
    for await (const { key } of listEntries({ store: paid.far.inner })) found.push(key);
    expect(found).toHaveLength(20);
    const unpaid = bench({}, { write: "back" });
    unpaid.far.is = "failing";
    await unpaid.cache.set("k", 1);
    await expect(unpaid.cache.close()).rejects.toThrow(expect.objectContaining({ code: "ERR_CACHE_STORE" }));
  });

  it("what is owed is listed, is there for who comes first, and is deleted with what it would replace", async () => {
    const { far, store } = bench({}, { write: "back", pause: "1h" });
    await far.inner.put(NAME, two);
    far.is = "failing";
    const before = await store.put(NAME, one);
    expect(before).toEqual({ written: true });
    far.is = "well";
    expect(await store.put(NAME, two, { ifAbsent: true })).toEqual({ written: false });
    const rows = [];
    for await (const row of store.list("entries")) rows.push(row);
    expect(rows).toEqual([expect.objectContaining({ name: NAME, size: 1 })]);
    await store.delete(NAME);
    expect(await store.get(NAME)).toBeUndefined();
    expect(await far.inner.get(NAME)).toBeUndefined();
  });
});

describe("tiered", () => {
  it("refuses options that are none, and those of the farthest tier on a nearer one", () => {
    const store = referenceStore();
    const wrong: unknown[] = [
      { store, timeot: 1 },
      { store, timeout: 0 },
      { store, write: "around" },
      { store, required: "yes" },
      { store, maxOwed: -1 },
      { store, absentFor: "soon" },
      { store, onEvent: "failed" },
      { store: {} },
      null,
    ];
    for (const tier of wrong) expect(() => tiered(store, tier as Tier)).toThrow(TypeError);
    for (const option of [{ write: "back" }, { maxOwed: 1 }] as const) {
      expect(() => tiered({ store, ...option }, store)).toThrow(TypeError);
    }
  });
});
