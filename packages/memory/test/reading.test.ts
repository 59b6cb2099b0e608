import { describe, expect, it } from "vitest";
import { ENTRY_COST, memoryStore } from "../src/index.ts";
import { name } from "./samples.ts";

const LENGTH = 200_000;

async function begin(store: ReturnType<typeof memoryStore>, n: number): Promise<AsyncIterator<Uint8Array>> {
  const iterator = ((await store.open(name(n))) as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  await iterator.next();
  return iterator;
}

async function restOf(iterator: AsyncIterator<Uint8Array>): Promise<number> {
  let length = 0;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) length += next.value.length;
  return length;
}

describe("what is being read", () => {
  it("is not evicted while anything else is left to evict", async () => {
    const store = memoryStore({ maxBytes: 3 * (LENGTH + ENTRY_COST) });
    await store.put(name(0), new Uint8Array(LENGTH));
    const reader = await begin(store, 0);
    for (let n = 1; n < 50; n++) {
      await store.put(name(n), new Uint8Array(LENGTH));
      await store.get(name(n));
    }
    expect(await store.stat(name(0))).toBeDefined();
    expect(await restOf(reader)).toBe(LENGTH - 65_536);
  });

  it("may be evicted when its readers are done", async () => {
    const store = memoryStore({ maxBytes: 3 * (LENGTH + ENTRY_COST) });
    await store.put(name(0), new Uint8Array(LENGTH));
    const [first, second] = [await begin(store, 0), await begin(store, 0)];
    await restOf(first);
    for (let n = 1; n < 20; n++) {
      await store.put(name(n), new Uint8Array(LENGTH));
      await store.get(name(n));
    }
    expect(await store.stat(name(0))).toBeDefined();
    await second.return?.();
    for (let n = 20; n < 50; n++) {
      await store.put(name(n), new Uint8Array(LENGTH));
      await store.get(name(n));
    }
    expect(await store.stat(name(0))).toBeUndefined();
  });

  it("goes when nothing else is left, and its reader reads on", async () => {
    const store = memoryStore({ maxBytes: 2 * (LENGTH + ENTRY_COST) });
    await store.put(name(0), new Uint8Array(LENGTH).fill(7));
    const reader = await begin(store, 0);
    await store.put(name(1), new Uint8Array(2 * LENGTH));
    expect(await store.stat(name(0))).toBeUndefined();
    expect(store.bytes).toBe(2 * LENGTH + ENTRY_COST);
    expect(await restOf(reader)).toBe(LENGTH - 65_536);
    expect(store.bytes).toBe(2 * LENGTH + ENTRY_COST);
  });

  it("may be put again and deleted, and the count stays exact", async () => {
    const store = memoryStore({ maxBytes: "10MB" });
    await store.put(name(0), new Uint8Array(LENGTH));
    const reader = await begin(store, 0);
    await store.put(name(0), new Uint8Array(10));
    expect(store.bytes).toBe(10 + ENTRY_COST);
    await store.delete(name(0));
    expect([store.bytes, store.entries]).toEqual([0, 0]);
    await restOf(reader);
    expect([store.bytes, store.entries]).toEqual([0, 0]);
    await store.put(name(0), new Uint8Array(20));
    expect([store.bytes, store.entries]).toEqual([20 + ENTRY_COST, 1]);
  });
});
