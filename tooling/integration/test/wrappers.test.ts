import { referenceStore, storeCases } from "@cache/conformance";
import { type Name, readOnly, type Store, split, tiered } from "@cache/core";
import { listEntries } from "@cache/core/maintenance";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { cacheOver, moment, slots } from "./slots.ts";

const compositions: Readonly<Record<string, () => Store>> = {
  "tiered of two": () => tiered(memoryStore({ maxBytes: 64_000_000 }), referenceStore()),
  "tiered of three": () => tiered(referenceStore(), memoryStore({ maxBytes: 64_000_000 }), referenceStore()),
  "tiered over a memory too small for most": () => tiered(memoryStore({ maxBytes: 20_000 }), referenceStore()),
  "tiered with every limit": () =>
    tiered(
      { store: memoryStore({ maxBytes: 64_000_000 }), timeout: "5s" },
      { store: referenceStore(), timeout: "5s", absentFor: "1h", required: true },
    ),
  "tiered and written back": () =>
    tiered(memoryStore({ maxBytes: 20_000 }), { store: referenceStore(), write: "back" }),
  split: () => split({ blobs: referenceStore(), entries: memoryStore({ maxBytes: 64_000_000 }) }),
};

for (const [name, make] of Object.entries(compositions)) {
  describe(`${name} keeps the contract of a store`, () => {
    const store = make();
    const fixture = { persistent: false, open: async () => store, reopen: async () => store };
    for (const each of storeCases) it(each.name, () => each.run(fixture as Parameters<typeof each.run>[0]));
  });
}

const NAME: Name = `entries/${"0a".repeat(32)}`;

describe("what is wrapped", () => {
  it("has to be there, and to be stores", () => {
    const store = referenceStore();
    for (const wrong of [[], [store], [store, {}], [store, undefined]]) {
      expect(() => tiered(...(wrong as unknown as [Store, Store]))).toThrow(TypeError);
    }
    for (const wrong of [undefined, {}, { blobs: store }, { entries: store }, { blobs: {}, entries: store }]) {
      expect(() => split(wrong as never)).toThrow(TypeError);
    }
    expect(() => readOnly(undefined as never)).toThrow(TypeError);
  });
});

describe("tiered", () => {
  it("takes nothing away from the far store that is longer than the copy that was judged", async () => {
    const [near, far] = [referenceStore(), referenceStore()];
    const store = tiered(near, far);
    await far.put(NAME, Uint8Array.of(1, 2, 3));
    await near.put(NAME, Uint8Array.of(1, 2));
    const seen = await store.stat(NAME);
    await store.delete(NAME, { ifVersion: seen?.version });
    expect(await store.get(NAME)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("copies what it finds far away to the near store", async () => {
    const near = referenceStore();
    const far = referenceStore();
    await far.put(NAME, Uint8Array.of(1));
    expect(await tiered(near, far).get(NAME)).toEqual(Uint8Array.of(1));
    expect(await near.get(NAME)).toEqual(Uint8Array.of(1));
  });

  it("a read under way never brings back what a delete removed meanwhile", async () => {
    const near = referenceStore();
    const far = referenceStore();
    await far.put(NAME, Uint8Array.of(1));
    let release = () => {};
    const slow: Store = {
      ...wrap(far),
      async get(name, options) {
        const bytes = await far.get(name, options);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return bytes;
      },
    };
    const store = tiered(near, slow);
    const reading = store.get(NAME);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await store.delete(NAME);
    release();
    await reading;
    expect(await near.get(NAME)).toBeUndefined();
  });

  it("a read that begins while a delete is under way does not bring it back, nor wait for it", async () => {
    const [near, far] = [referenceStore(), referenceStore()];
    await far.put(NAME, Uint8Array.of(1));
    const [begun, go] = [moment(), moment()];
    const slow: Store = {
      ...wrap(far),
      async delete(name, options) {
        begun.come();
        await go.came;
        await far.delete(name, options);
      },
    };
    const store = tiered(near, slow);
    const deleting = [store.delete(NAME), store.delete(NAME)];
    await begun.came;
    expect(await store.get(NAME)).toEqual(Uint8Array.of(1));
    go.come();
    await Promise.all(deleting);
    expect(await store.get(NAME)).toBeUndefined();
    await far.put(NAME, Uint8Array.of(2));
    expect(await store.get(NAME)).toEqual(Uint8Array.of(2));
    expect(await near.get(NAME)).toEqual(Uint8Array.of(2));
  });
});

for (const [title, slot] of Object.entries(slots)) {
  describe(`a ${title} cache over tiers whose far store lost what the near one still has`, () => {
    const own = slot();
    const large = "x".repeat(20_000);
    /** What a reader without the near store finds. */
    const elsewhere = (far: Store) => cacheOver(readOnly(far), own);

    it("a put reaches the far store again: a copy is no reason to leave it out", async () => {
      const [near, far] = [referenceStore(), referenceStore()];
      const cache = cacheOver(tiered(near, far), own);
      const digest = await cache.blobs.put(Buffer.from(large));
      await cache.set("k", large);
      for (const kind of ["blobs", "entries"] as const) {
        for await (const { name } of far.list(kind)) await far.delete(name);
      }
      expect(await cache.blobs.put(Buffer.from(large))).toBe(digest);
      await cache.set("k", large);
      expect(await elsewhere(far).get("k")).toBe(large);
      expect(await elsewhere(far).blobs.has(digest)).toBe(true);
      const entries: string[] = [];
      for await (const { key } of listEntries({ store: far, ...own })) entries.push(key);
      expect(entries).toEqual(["k"]);
    });

    it("a put over damage in the far store heals it, sound as the copy is", async () => {
      const [near, far] = [referenceStore(), referenceStore()];
      const cache = cacheOver(tiered(near, far), own);
      await cache.set("k", large);
      for await (const { name } of far.list("blobs")) {
        const bytes = (await far.get(name)) as Uint8Array;
        bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
        await far.put(name, bytes);
      }
      await cache.set("k", large);
      expect(await elsewhere(far).get("k")).toBe(large);
    });
  });
}

describe("readOnly", () => {
  it("reads and lists, and refuses every change by code", async () => {
    const inner = referenceStore();
    await inner.put(NAME, Uint8Array.of(1));
    const store = readOnly(inner);
    expect(await store.get(NAME)).toEqual(Uint8Array.of(1));
    await expect(store.put(NAME, Uint8Array.of(2))).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });
    await expect(store.delete(NAME)).rejects.toMatchObject({ code: "ERR_CACHE_READ_ONLY" });
    expect(await inner.get(NAME)).toEqual(Uint8Array.of(1));
  });
});

/** A store as a plain object, so that one method of it can be replaced. */
function wrap(store: Store): Store {
  return {
    get: (name, options) => store.get(name, options),
    open: (name, options) => store.open(name, options),
    put: (name, bytes, options) => store.put(name, bytes, options),
    putStream: (draft, options) => store.putStream(draft, options),
    stat: (name, options) => store.stat(name, options),
    delete: (name, options) => store.delete(name, options),
    list: (kind, options) => store.list(kind, options),
  };
}
