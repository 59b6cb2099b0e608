import type { Kind, Name } from "@cache/core/adapter";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ENTRY_COST, type MemoryStore, memoryStore } from "../src/index.ts";
import { name } from "./samples.ts";

const of = (kind: Kind, n: number): Name => name(n).replace("blobs", kind) as Name;

async function digitsOf(store: MemoryStore, kind: Kind): Promise<string[]> {
  const digits: string[] = [];
  for await (const row of store.list(kind)) digits.push(row.name.slice(-64));
  return digits.sort();
}

describe("a value and its note", () => {
  it("are evicted together, whichever would have gone first", async () => {
    const store = memoryStore({ maxBytes: 20 * ENTRY_COST });
    for (let n = 0; n < 200; n++) {
      await store.put(of("entries", n), new Uint8Array(0));
      await store.put(of("notes", n), new Uint8Array(0));
      expect(store.bytes).toBeLessThanOrEqual(store.maxBytes);
    }
    const entries = await digitsOf(store, "entries");
    expect(entries.length).toBeGreaterThan(5);
    expect(await digitsOf(store, "notes")).toEqual(entries);
  });

  it("stay together while the value is used, though nobody reads the note", async () => {
    const store = memoryStore({ maxBytes: 20 * ENTRY_COST });
    await store.put(of("entries", 0), new Uint8Array(0));
    await store.put(of("notes", 0), new Uint8Array(0));
    for (let n = 1; n < 200; n++) {
      await store.get(of("entries", 0));
      await store.put(of("blobs", n), new Uint8Array(0));
    }
    expect(await store.get(of("entries", 0))).toBeDefined();
    expect(await store.get(of("notes", 0))).toBeDefined();
  });

  it("keep the bound and the count, whatever is put, read and deleted in whatever order", async () => {
    const kinds = fc.constantFrom<Kind>("entries", "blobs", "notes");
    const step = fc.tuple(fc.constantFrom("put", "get", "delete"), kinds, fc.nat(12), fc.nat(2000));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const store = memoryStore({ maxBytes: 12 * ENTRY_COST });
        for (const [what, kind, n, length] of steps) {
          if (what === "put") await store.put(of(kind, n), new Uint8Array(length));
          else if (what === "get") await store.get(of(kind, n));
          else await store.delete(of(kind, n));
          const held: number[] = [];
          for (const each of ["entries", "blobs", "notes"] as const) {
            for await (const { size } of store.list(each)) held.push(size + ENTRY_COST);
          }
          expect(held.length).toBe(store.entries);
          expect(held.reduce((sum, cost) => sum + cost, 0)).toBe(store.bytes);
          expect(store.bytes).toBeLessThanOrEqual(store.maxBytes);
        }
      }),
      { numRuns: 200 },
    );
  });
});
