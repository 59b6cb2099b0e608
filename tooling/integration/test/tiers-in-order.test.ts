import { referenceStore } from "@cache/conformance";
import { CacheError, createCache, type Name, type Store, tiered } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { bound } from "./slots.ts";

const NAME: Name = `entries/${"0a".repeat(32)}`;
const one = Uint8Array.of(1);
const two = Uint8Array.of(2);

const memory = () => memoryStore({ maxBytes: 1_000_000 });

/** Something that is waited for until somebody lets it go on. */
function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** A store whose first put takes until the gate is open, whatever its signal says. */
function withLatePut(store: Store, { opened }: ReturnType<typeof gate>): Store {
  let puts = 0;
  const landed = bound(store);
  return {
    ...landed,
    async put(name, bytes, options) {
      if (puts++ > 0) return landed.put(name, bytes, options);
      const own = bytes.slice();
      await opened;
      return landed.put(name, own);
    },
  };
}

describe("tiers, when calls meet", () => {
  it("a read that began while a delete was under way does not bring back what it removed", async () => {
    const [near, far] = [memory(), bound(referenceStore())];
    const store = tiered(near, far);
    await store.put(NAME, one);
    await near.delete(NAME);
    const [deleting, reading] = [gate(), gate()];
    const { delete: remove, get } = far;
    far.delete = async (...args) => {
      await deleting.opened;
      await remove(...args);
    };
    far.get = async (...args) => {
      const found = await get(...args);
      await reading.opened;
      return found;
    };
    const deleted = store.delete(NAME);
    const read = store.get(NAME);
    await new Promise((resolve) => setTimeout(resolve, 5));
    deleting.open();
    await deleted;
    reading.open();
    await read;
    expect(await store.get(NAME)).toBeUndefined();
  });

  it("a read that is over before the put it met keeps no older copy", async () => {
    const [near, far] = [bound(memory()), bound(referenceStore())];
    const store = tiered(near, far);
    await far.put(NAME, one);
    const putting = gate();
    const { put } = far;
    far.put = async (...args) => {
      await putting.opened;
      return put(...args);
    };
    const { put: take } = near;
    near.put = async (name, bytes, options) => {
      if (bytes[0] === 2) throw new CacheError("ERR_CACHE_LIMIT", "too large for this tier");
      return take(name, bytes, options);
    };
    const written = store.put(NAME, two);
    const read = store.get(NAME);
    await new Promise((resolve) => setTimeout(resolve, 5));
    putting.open();
    await Promise.all([written, read]);
    expect(await store.get(NAME)).toEqual(two);
  });

  it("a put to a near tier that is late, and lands after all, hides no newer value", async () => {
    const [near, far, landing] = [memory(), referenceStore(), gate()];
    const store = tiered({ store: withLatePut(near, landing), timeout: 20, pause: 1 }, far);
    await store.put(NAME, one);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await store.put(NAME, two);
    landing.open();
    await expect.poll(() => near.get(NAME), { interval: 5 }).toBeDefined();
    expect(await store.get(NAME)).toEqual(two);
  });

  it("a put to the far tier that is late, and lands after all, is followed by the newer one", async () => {
    const [far, landing, told] = [referenceStore(), gate(), [] as string[]];
    const onEvent = ({ type }: { readonly type: string }) => told.push(type);
    const store = tiered(memory(), { store: withLatePut(far, landing), timeout: 20, pause: 1, onEvent });
    await store.put(NAME, one);
    await store.put(NAME, two);
    await new Promise((resolve) => setTimeout(resolve, 60));
    landing.open();
    await expect.poll(() => told, { interval: 5 }).toContain("paid");
    expect(await far.get(NAME)).toEqual(two);
  });

  it("a put that never ends is in the way of no other name, and of its own for a bounded time", async () => {
    const [far, told] = [referenceStore(), [] as string[]];
    const onEvent = ({ type }: { readonly type: string }) => told.push(type);
    const store = tiered(memory(), { store: withLatePut(far, gate()), timeout: 10, pause: 1, onEvent });
    await store.put(NAME, one);
    await expect.poll(() => told, { interval: 5 }).toContain("paid");
    expect(await far.get(NAME)).toEqual(one);
  });

  it("what a near tier could not delete is not read from it any more", async () => {
    const [near, far] = [bound(memory()), memory()];
    const cache = createCache({ store: tiered({ store: near, pause: 1 }, far) });
    await cache.set("k", 1);
    const { delete: remove } = near;
    near.delete = () => Promise.reject(new CacheError("ERR_CACHE_STORE", "refused"));
    await expect(cache.delete("k")).rejects.toThrow(expect.objectContaining({ code: "ERR_CACHE_STORE" }));
    near.delete = remove;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await cache.get("k")).toBeUndefined();
    await cache.set("k", 2);
    expect(await cache.get("k")).toBe(2);
  });

  it("a time that is longer than a timer can count is no time at all", async () => {
    const far = bound(referenceStore());
    const { get } = far;
    far.get = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return get(...args);
    };
    const store = tiered(memory(), { store: far, timeout: "30d", required: true });
    await far.put(NAME, one);
    expect(await store.get(NAME)).toEqual(one);
  });

  it("one value that the far tier never takes keeps none of the others from it", async () => {
    const [medium, far] = [referenceStore(), bound(referenceStore())];
    far.put = (name, ...rest) =>
      name === NAME ? Promise.reject(new CacheError("ERR_CACHE_STORE", "refused")) : medium.put(name, ...rest);
    const store = tiered(memory(), { store: far, write: "back", pause: "1h" });
    const others = Array.from({ length: 40 }, (_, at): Name => `entries/${String(at).padStart(64, "0")}`);
    for (const name of [NAME, ...others]) await store.put(name, one);
    await expect(store[Symbol.asyncDispose]()).rejects.toThrow("1 write did not reach");
    for (const name of others) expect(await medium.get(name)).toEqual(one);
  });

  it("a close tries by itself when the far tier failed a moment before", async () => {
    const [medium, far, failing] = [referenceStore(), bound(referenceStore()), gate()];
    let puts = 0;
    far.put = async (...args) => {
      if (puts++ > 0) return medium.put(...args);
      await failing.opened;
      throw new CacheError("ERR_CACHE_STORE", "refused");
    };
    const store = tiered(memory(), { store: far, write: "back", pause: "1h" });
    await store.put(NAME, one);
    await expect.poll(() => puts, { interval: 5 }).toBe(1);
    const closed = store[Symbol.asyncDispose]();
    failing.open();
    await closed;
    expect(await medium.get(NAME)).toEqual(one);
  });
});
