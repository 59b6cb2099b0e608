import type { Name } from "@cache/core/adapter";
import { describe, expect, it } from "vitest";
import { ENTRY_COST, memoryStore } from "../src/index.ts";
import { draftOf, endless, name } from "./samples.ts";

const limit = expect.objectContaining({ code: "ERR_CACHE_LIMIT" });

describe("the bound", () => {
  it("counts each value's length and a fixed cost, exactly", async () => {
    const store = memoryStore({ maxBytes: 10_000 });
    await store.put(name(1), new Uint8Array(100));
    await store.put(name(2), new Uint8Array(0));
    expect([store.bytes, store.entries]).toEqual([100 + 2 * ENTRY_COST, 2]);
    await store.put(name(1), new Uint8Array(7));
    expect([store.bytes, store.entries]).toEqual([7 + 2 * ENTRY_COST, 2]);
    await store.delete(name(1));
    await store.delete(name(1));
    expect([store.bytes, store.entries, store.evictions]).toEqual([ENTRY_COST, 1, 0]);
  });

  it("evicts nothing until the last byte is used", async () => {
    const store = memoryStore({ maxBytes: 10 * (ENTRY_COST + 50) });
    for (let n = 0; n < 10; n++) await store.put(name(n), new Uint8Array(50));
    expect([store.bytes, store.evictions]).toEqual([store.maxBytes, 0]);
    await store.put(name(10), new Uint8Array(0));
    expect([store.entries, store.evictions]).toEqual([10, 1]);
  });

  it("takes text for a size, and refuses what is none or holds nothing", () => {
    expect(memoryStore({ maxBytes: "64MB" }).maxBytes).toBe(64_000_000);
    expect(memoryStore({ maxBytes: "1MiB" }).maxBytes).toBe(1_048_576);
    for (const maxBytes of ["64 parsecs", "", -1, Number.NaN, 1.5, 0, ENTRY_COST - 1]) {
      expect(() => memoryStore({ maxBytes })).toThrow(TypeError);
    }
    for (const maxEntries of [0, -1, 1.5, Number.NaN]) {
      expect(() => memoryStore({ maxBytes: "1MB", maxEntries })).toThrow(TypeError);
    }
  });

  it("can count values too", async () => {
    const store = memoryStore({ maxBytes: "1MB", maxEntries: 3 });
    for (let n = 0; n < 10; n++) await store.put(name(n), new Uint8Array(1));
    expect([store.entries, store.evictions]).toEqual([3, 7]);
    expect(await store.get(name(9))).toBeDefined();
  });

  it("a put is visible afterwards, even when all else had to go for it", async () => {
    const store = memoryStore({ maxBytes: 20_000 });
    for (let n = 0; n < 20; n++) await store.put(name(n), new Uint8Array(100));
    for (let n = 0; n < 20; n++) for (let times = 0; times < 5; times++) await store.get(name(n));
    const largest = 20_000 - ENTRY_COST;
    await store.put(name(99), new Uint8Array(largest));
    expect((await store.get(name(99)))?.length).toBe(largest);
    expect([store.bytes, store.entries]).toEqual([20_000, 1]);
  });

  it("a value that grows evicts others and never itself", async () => {
    const store = memoryStore({ maxBytes: 20_000 });
    for (let n = 0; n < 20; n++) await store.put(name(n), new Uint8Array(100));
    for (const length of [1_000, 5_000, 19_000, 20_000 - ENTRY_COST]) {
      await store.put(name(0), new Uint8Array(length));
      expect((await store.get(name(0)))?.length).toBe(length);
      expect(store.bytes).toBeLessThanOrEqual(20_000);
    }
    expect(store.entries).toBe(1);
  });

  it("evicted values are gone for get, open, stat and list, and come back with a put", async () => {
    const store = memoryStore({ maxBytes: "1MB", maxEntries: 1 });
    await store.put(name(1), Uint8Array.of(1));
    const before = await store.stat(name(1));
    await store.put(name(2), Uint8Array.of(2));
    expect(await store.get(name(1))).toBeUndefined();
    expect(await store.open(name(1))).toBeUndefined();
    expect(await store.stat(name(1))).toBeUndefined();
    const listed: Name[] = [];
    for await (const row of store.list("blobs")) listed.push(row.name);
    expect(listed).toEqual([name(2)]);
    expect(await store.put(name(1), Uint8Array.of(3), { ifAbsent: true })).toEqual({ written: true });
    expect((await store.stat(name(1)))?.version).not.toBe(before?.version);
  });
});

describe("a value that could not be held even alone", () => {
  it("is refused, and leaves what was there and everything else", async () => {
    const store = memoryStore({ maxBytes: 20_000 });
    for (let n = 0; n < 5; n++) await store.put(name(n), Uint8Array.of(n));
    const tooLong = new Uint8Array(20_000 - ENTRY_COST + 1);
    await expect(store.put(name(0), tooLong)).rejects.toEqual(limit);
    await expect(store.put(name(9), tooLong)).rejects.toEqual(limit);
    expect(await store.get(name(0))).toEqual(Uint8Array.of(0));
    expect([store.entries, store.evictions]).toEqual([5, 0]);
  });

  it("is refused as a stream while it comes, its source closed", async () => {
    const store = memoryStore({ maxBytes: 20_000 });
    await store.put(name(1), Uint8Array.of(1));
    const source = endless(1_000);
    await expect(store.putStream(draftOf(name(1), source.body))).rejects.toEqual(limit);
    expect(source.yielded()).toBe(20);
    expect(source.closed()).toBe(true);
    expect(await store.get(name(1))).toEqual(Uint8Array.of(1));
  });

  it("is refused when only its head is too long", async () => {
    const store = memoryStore({ maxBytes: 20_000 });
    const draft = draftOf(name(1), (async function* () {})(), new Uint8Array(20_000));
    await expect(store.putStream(draft)).rejects.toEqual(limit);
    expect(store.entries).toBe(0);
  });

  it("does not matter to ifAbsent where the name is taken", async () => {
    const store = memoryStore({ maxBytes: 20_000 });
    await store.put(name(1), Uint8Array.of(1));
    expect(await store.put(name(1), new Uint8Array(30_000), { ifAbsent: true })).toEqual({ written: false });
  });
});
