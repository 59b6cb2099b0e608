import { CacheError, createCache } from "@cache/core";
import { describe, expect, it } from "vitest";
import { nameOf, owing } from "./owed-tier.ts";

const NAME = nameOf("entries", 10);
const CONTENT = nameOf("blobs", 11);
const one = Uint8Array.of(1);
const two = Uint8Array.of(2);
const LARGE = "x".repeat(200_000);
const REFUSED = expect.objectContaining({ code: "ERR_CACHE_STORE" });

describe("an entry that is owed", () => {
  it("and is replaced while others are paid does not go before its new content", async () => {
    const { far, store, types } = owing({ write: "back" });
    const [cache, peer] = [createCache({ store }), createCache({ store: far.inner })];
    await peer.set("e", "before");
    const states: string[] = [];
    let contents = 0;
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    far.before = async (name) => {
      await begun;
      states.push((await peer.lookup("e")).state);
      // The second content is paid in a round that has seen the entry as it was before.
      if (name.startsWith("blobs/") && ++contents === 2) await cache.set("e", LARGE);
    };
    await cache.set("x", `1${LARGE}`);
    await cache.set("y", `2${LARGE}`);
    await cache.set("e", "small");
    begin();
    await expect.poll(types, { interval: 5 }).toContain("paid");
    expect(contents).toBe(3);
    expect(new Set(states)).toEqual(new Set(["hit"]));
    expect(await peer.get("e")).toBe(LARGE);
  });

  it("and is looked at does not go before its content", async () => {
    const { far, store } = owing();
    far.isDown = true;
    await store.put(CONTENT, two);
    await store.put(NAME, one);
    await expect(store.stat(NAME)).rejects.toThrow(REFUSED);
    far.isDown = false;
    await store.stat(NAME);
    expect(far.puts).toEqual([CONTENT, NAME]);
  });

  it("does not go before content that was put again after it", async () => {
    const { far, store } = owing();
    far.isDown = true;
    await store.put(CONTENT, two);
    await store.put(NAME, one);
    await store.put(CONTENT, two);
    far.isDown = false;
    await store.stat(NAME);
    expect(far.puts).toEqual([CONTENT, NAME]);
  });
});

describe("an entry for which there is no room among what is owed", () => {
  const full = () => owing({ maxOwed: 2100 });
  const content = new Uint8Array(1000);

  it("waits for the content that it may name", async () => {
    const { far, store } = full();
    far.isDown = true;
    await store.put(CONTENT, content);
    far.isDown = false;
    await store.put(NAME, new Uint8Array(500));
    expect(far.puts).toEqual([CONTENT, NAME]);
  });

  it("is not put when that content cannot be", async () => {
    const { far, store } = full();
    far.isDown = true;
    await store.put(CONTENT, content);
    const { put } = far.store;
    far.isDown = false;
    far.store.put = (name, ...rest) =>
      name === CONTENT ? Promise.reject(new CacheError("ERR_CACHE_STORE", "refused")) : put(name, ...rest);
    await expect(store.put(NAME, new Uint8Array(500))).rejects.toThrow(REFUSED);
    expect(far.puts).toEqual([]);
  });

  it("is not waited for by who has left", async () => {
    const { far, store } = full();
    far.isDown = true;
    await store.put(CONTENT, content);
    far.isDown = false;
    const stop = new AbortController();
    far.before = async () => stop.abort(new Error("enough"));
    await expect(store.put(NAME, new Uint8Array(500), { signal: stop.signal })).rejects.toThrow("enough");
    expect(far.puts).toEqual([CONTENT]);
  });
});

it("of tiny values maxOwed counts what keeping them costs", async () => {
  const { far, store } = owing({ maxOwed: "100KiB" });
  far.isDown = true;
  let taken = 0;
  const failure: unknown = await (async () => {
    for (; taken < 1000; taken++) await store.put(nameOf("entries", taken), one);
  })().catch((error: unknown) => error);
  expect(failure).toEqual(REFUSED);
  expect(taken).toBe(99);
});
