import { createHash } from "node:crypto";
import { type Cache, createCache, type Store } from "@cache/core";
import { collectGarbage, listEntries, transferEntries, verifyStore } from "@cache/core/maintenance";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { cacheOver, slots } from "./slots.ts";

const CONTENT = new Uint8Array(20_000).fill(7);
const LATER = 40 * 86_400_000;
const memory = (): Store => memoryStore({ maxBytes: 64_000_000 });

/** A value that needs content, in a cache whose clock can be set. */
async function needy(slot: object, store: Store): Promise<{ cache: Cache; digest: string }> {
  const cache = cacheOver(store, slot);
  const digest = await cache.blobs.put(CONTENT);
  await cache.set("recipe", { of: digest }, { needs: [digest] });
  return { cache, digest };
}

describe.each(Object.keys(slots))("content that an entry needs, %s", (kind) => {
  const slot = (slots[kind] as () => object)();

  it("is kept by a collection as long as the entry, and goes with it", async () => {
    const store = memory();
    const { cache, digest } = await needy(slot, store);
    const later = { store, ...slot, now: () => Date.now() + LATER };
    expect(await collectGarbage(later)).toMatchObject({ unreferencedBlobs: 0 });
    expect(await cache.blobs.get(digest)).toEqual(CONTENT);
    await cache.delete("recipe");
    expect(await collectGarbage(later)).toMatchObject({ unreferencedBlobs: 1 });
    expect(await cache.blobs.get(digest)).toBeUndefined();
  });

  it("is missed by a verification when it is gone", async () => {
    const store = memory();
    const { cache, digest } = await needy(slot, store);
    expect(await verifyStore({ store, ...slot })).toMatchObject({ ok: 2, missing: 0, damaged: 0 });
    await cache.blobs.delete(digest);
    expect(await verifyStore({ store, ...slot })).toMatchObject({ ok: 0, missing: 1, damaged: 0 });
  });

  it("comes along in a transfer, and without it the entry stays behind", async () => {
    const [source, target] = [memory(), memory()];
    const { cache, digest } = await needy(slot, source);
    await cache.set("second", 2, { needs: [digest] });
    const sides = { from: { store: source, ...slot }, to: { store: target } };
    expect(await transferEntries(sides)).toMatchObject({ copied: 2, refused: 0 });
    const other = cacheOver(target, {});
    expect(await other.blobs.get(digest)).toEqual(CONTENT);
    const later = { store: target, now: () => Date.now() + LATER };
    expect(await collectGarbage(later)).toMatchObject({ unreferencedBlobs: 0 });
    await cache.blobs.delete(digest);
    const again = { from: { store: source, ...slot }, to: { store: memory() } };
    expect(await transferEntries(again)).toMatchObject({ copied: 0, refused: 2 });
  });

  it("does not change what the entry is to readers and listings", async () => {
    const store = memory();
    const { cache, digest } = await needy(slot, store);
    expect(await cache.get("recipe")).toEqual({ of: digest });
    for await (const entry of listEntries({ store, ...slot }))
      expect(entry).toMatchObject({ state: "ok", codec: "json" });
  });
});

describe("needs", () => {
  it("are digests and not too many of them, for set alone", async () => {
    const cache = createCache({ store: memory() });
    const one = createHash("sha256").digest("hex");
    for (const needs of [
      "x",
      [1],
      [Object(one)],
      [one.toUpperCase()],
      [`${one}0`],
      Array.from({ length: 901 }, () => one),
    ]) {
      await expect(cache.set("k", 1, { needs: needs as never })).rejects.toThrow(TypeError);
    }
    await cache.set("k", 1, { needs: Array.from({ length: 900 }, () => one) });
    expect(await cache.get("k")).toBe(1);
    await expect(cache.getOrSet("l", () => 1, { needs: [one] } as never)).rejects.toThrow(TypeError);
  });

  it("cannot be smuggled in by the name of a codec", async () => {
    const codec = { name: "a\0b", encode: () => new Uint8Array(1), decode: () => 1 };
    await expect(createCache({ store: memory(), codec }).set("k", 1)).rejects.toThrow(TypeError);
  });
});
