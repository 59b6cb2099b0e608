import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bytesCodec, type CacheEvent, createCache, memoize, structuredCodec } from "@cache/core";
import { describe, expect, it } from "vitest";
import { cacheOver, directory, slots, stores } from "./slots.ts";

const large = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) % 256);

async function* pieces(bytes: Uint8Array, length: number) {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function joined(stream: AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream ?? []) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
}

for (const [store, makeStore] of Object.entries(stores)) {
  for (const [slot, makeSlots] of Object.entries(slots)) {
    describe(`a ${slot} cache in a ${store} store`, () => {
      const make = (more = {}) => cacheOver(makeStore(), makeSlots(), more);

      it("gives back values, small and large, and undefined for what is not there", async () => {
        const cache = make();
        const values = {
          null: null,
          zero: 0,
          text: "é",
          list: [1, [2]],
          object: { a: { b: 1 } },
          long: "x".repeat(50_000),
        };
        for (const [key, value] of Object.entries(values)) await cache.set(key, value);
        for (const [key, value] of Object.entries(values)) expect(await cache.get(key)).toEqual(value);
        expect(await cache.get("other")).toBeUndefined();
        expect(await cache.lookup("other")).toEqual({ state: "miss" });
        const found = await cache.lookup("zero");
        // Whose key it was is said of a signature, and of nothing that everybody can make.
        expect(found.state === "hit" && (found.signedBy !== undefined) === (found.trust === "signed")).toBe(true);
      });

      it("M35: hostile keys are names like any other", async () => {
        const cache = make();
        const keys = [
          "../../etc/passwd",
          "a/b\0c",
          "__proto__",
          "constructor",
          "\u00e9",
          "e\u0301",
          " ",
          "\ud83d\ude00",
        ];
        await cache.setMany(keys.map((key, i) => [key, i] as const));
        expect(await cache.getMany(keys)).toEqual(new Map(keys.map((key, i) => [key, i])));
      });

      it("M34: a lone surrogate, an empty key and one above 4096 bytes are a TypeError", async () => {
        const cache = make();
        for (const key of ["a\ud800", "", "x".repeat(4097)]) {
          await expect(cache.set(key, 1)).rejects.toThrow(TypeError);
          await expect(cache.get(key)).rejects.toThrow(TypeError);
        }
        expect(() => make({ namespace: "\ud800" })).toThrow(TypeError);
      });

      it("replaces, deletes, and clears its own namespace only", async () => {
        const cache = make();
        const below = cache.namespace("below");
        await cache.set("a", 1);
        await cache.set("a", 2);
        await below.set("a", 3);
        expect([await cache.get("a"), await below.get("a")]).toEqual([2, 3]);
        await cache.set("b", "y".repeat(50_000));
        await cache.clear();
        expect([await cache.has("a"), await cache.has("b"), await below.get("a")]).toEqual([false, false, 3]);
        await below.delete("a");
        expect(await below.has("a")).toBe(false);
      });

      it("forgets at the millisecond", async () => {
        let now = Date.now();
        const cache = make({ now: () => now, ttl: "1s" });
        await cache.set("a", 1);
        now += 999;
        expect(await cache.get("a")).toBe(1);
        now += 1;
        expect(await cache.get("a")).toBeUndefined();
        expect((await cache.lookup("a")).state).toBe("expired");
      });

      it("runs one computation for many callers, and keeps what it gave", async () => {
        const cache = make();
        let runs = 0;
        const compute = async () => {
          runs++;
          await new Promise((resolve) => setTimeout(resolve, 5));
          return { runs };
        };
        const all = await Promise.all(Array.from({ length: 20 }, () => cache.getOrSet("k", compute)));
        expect(new Set(all.map((each) => each.runs))).toEqual(new Set([1]));
        expect(await cache.getOrSet("k", compute)).toEqual({ runs: 1 });
      });

      it("memoizes by the content of the arguments, undefined results too", async () => {
        const calls: unknown[][] = [];
        const each = memoize(make({ codec: structuredCodec }), (...args: unknown[]) => void calls.push(args), {
          name: "f@1",
        });
        const distinct: unknown[][] = [
          [1],
          ["1"],
          [1n],
          [true],
          [-0],
          [0],
          [Number.NaN],
          [null],
          [undefined],
          [],
          [[1]],
        ];
        distinct.push(
          [new Set([1])],
          [new Map([[1, 2]])],
          [{ a: 1 }],
          [new Date(0)],
          [Uint8Array.of(1)],
          [1, 2],
          [[1, 2]],
        );
        for (let round = 0; round < 2; round++) for (const args of distinct) await each(...args);
        expect(calls).toEqual(distinct);
        await each.forget(1);
        await each(1);
        expect(calls).toHaveLength(distinct.length + 1);
      });

      it("keeps content by digest, from bytes and streams, and gives ranges", async () => {
        const { blobs } = make();
        const digest = await blobs.put(large);
        expect(await blobs.put(pieces(large, 777))).toBe(digest);
        expect(await blobs.get(digest)).toEqual(large);
        expect(await joined(await blobs.open(digest))).toEqual(large);
        expect(await joined(await blobs.open(digest, { start: 20_000, end: 60_000 }))).toEqual(
          large.slice(20_000, 60_000),
        );
        expect(await blobs.has(digest)).toBe(true);
        await blobs.delete(digest);
        expect([await blobs.has(digest), await blobs.get(digest), await blobs.open(digest)]).toEqual([
          false,
          undefined,
          undefined,
        ]);
      });

      it("publishes content as a file, whole or not at all", async () => {
        const { blobs } = make();
        const path = join(directory(), "out");
        expect(await blobs.toFile("0".repeat(64), path)).toBe(false);
        expect(await blobs.toFile(await blobs.put(large), path)).toBe(true);
        expect(new Uint8Array(readFileSync(path))).toEqual(large);
      });

      it("does not decode what another codec wrote", async () => {
        const inner = makeStore();
        await cacheOver(inner, makeSlots()).set("a", 1);
        const other = cacheOver(inner, makeSlots(), { codec: bytesCodec as never });
        expect(await other.get("a")).toBeUndefined();
        expect(await other.lookup("a")).toMatchObject({ state: "rejected", code: "ERR_CACHE_CODEC" });
        expect(await cacheOver(inner, makeSlots()).get("a")).toBe(1);
      });

      it("tells what it did, without keys or values", async () => {
        const events: CacheEvent[] = [];
        const cache = make({ onEvent: (event: CacheEvent) => events.push(event) });
        await cache.set("secret-key", "secret-value");
        await cache.get("secret-key");
        await cache.get("nothing");
        expect(events.map(({ type }) => type)).toEqual(["set", "hit", "miss"]);
        expect(JSON.stringify(events)).not.toMatch(/secret/);
      });
    });
  }
}

describe("values", () => {
  it("structured values survive with their types", async () => {
    const cache = createCache({ store: (stores["memory"] as () => never)(), codec: structuredCodec });
    const value = {
      date: new Date(5),
      map: new Map([["a", new Set([1n])]]),
      bytes: Uint8Array.of(1),
      nothing: undefined,
    };
    await cache.set("v", value);
    expect(await cache.get("v")).toEqual(value);
    const failure = new RangeError("far", { cause: new TypeError("near") });
    await cache.set("e", failure);
    expect(await cache.get("e")).toEqual(failure);
    await expect(cache.set("f", () => 1)).rejects.toThrow(TypeError);
  });

  it("a schema guards both ways", async () => {
    const schema = {
      "~standard": {
        version: 1 as const,
        vendor: "test",
        validate: (value: unknown) =>
          typeof value === "number" ? { value } : { issues: [{ message: "not a number" }] },
      },
    };
    const store = (stores["memory"] as () => never)();
    await createCache({ store }).set("a", "text");
    const cache = createCache<number>({ store, schema });
    expect(await cache.lookup("a")).toMatchObject({ state: "rejected", code: "ERR_CACHE_CODEC" });
    await expect(cache.set("b", "text" as never)).rejects.toMatchObject({ code: "ERR_CACHE_CODEC" });
    await cache.set("b", 1);
    expect(await cache.get("b")).toBe(1);
  });

  it("undefined from a computation is returned and not kept", async () => {
    const cache = createCache({ store: (stores["memory"] as () => never)() });
    expect(await cache.getOrSet("u", () => undefined)).toBeUndefined();
    expect((await cache.lookup("u")).state).toBe("miss");
    await expect(cache.set("u", undefined)).rejects.toThrow(TypeError);
  });

  it("a closed cache says so, and closing twice is fine", async () => {
    const cache = createCache({ store: (stores["memory"] as () => never)() });
    await cache.close();
    await cache.close();
    await expect(cache.get("a")).rejects.toThrow(/closed/);
  });

  it("one caller's abort leaves the others their result", async () => {
    const cache = createCache({ store: (stores["memory"] as () => never)() });
    const stop = new AbortController();
    const slow = () => new Promise<number>((resolve) => setTimeout(() => resolve(1), 30));
    const impatient = cache.getOrSet("k", slow, { signal: stop.signal });
    const patient = cache.getOrSet("k", slow);
    stop.abort();
    await expect(impatient).rejects.toMatchObject({ name: "AbortError" });
    expect(await patient).toBe(1);
  });
});
