import { callRecords } from "@cache/calls";
import { createCache, memoize, memoizeGenerator } from "@cache/core";
import { collectGarbage, verifyStore } from "@cache/core/maintenance";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { call, make } from "./samples.ts";

describe("result", () => {
  it("is that of the call and of no later one", async () => {
    const cache = make();
    const calls = callRecords(cache);
    let n = 0;
    const count = memoize(cache, () => (n += 1), { name: "count", calls });
    await count();
    const first = (await calls.query().newest()) as never;
    expect(await calls.result(first)).toEqual({ result: 1 });
    await count.refresh();
    expect(await calls.result(first)).toBeUndefined();
    await count.forget();
    expect(await calls.result(first)).toBeUndefined();
  });

  it("of a generator is its items", async () => {
    const cache = make();
    const calls = callRecords(cache);
    const items = memoizeGenerator(cache, () => [1, 2], { name: "items", calls });
    for await (const _ of items());
    expect(await calls.result((await calls.query().newest()) as never)).toEqual({ items: [1, 2] });
  });

  it("is none when the cache could not keep it", async () => {
    const calls = callRecords(make());
    await calls.record(call("f", 1000));
    const record = (await calls.query().newest()) as never;
    expect(record).not.toHaveProperty("result");
    expect(await calls.result(record)).toBeUndefined();
  });
});

describe("remove", () => {
  it("removes calls and their results, and what other calls still name stays", async () => {
    const cache = make();
    const calls = callRecords(cache, { hits: true });
    const f = memoize(cache, (n: number) => n, { name: "f", calls });
    await f(1);
    await f(1);
    await f(2);
    const computed = calls.query({ digest: f.digest(1) }).filter(({ outcome }) => outcome === "computed");
    expect(await calls.remove(computed)).toEqual({ records: 1, results: 0 });
    expect(await f.has(1)).toBe(true);
    expect(await calls.remove(calls.query({ digest: f.digest(1) }))).toEqual({ records: 1, results: 1 });
    expect([await f.has(1), await f.has(2), await calls.query().count()]).toEqual([false, true, 1]);
    expect(await calls.remove([])).toEqual({ records: 0, results: 0 });
  });

  it("leaves results when it is told to, and those that came later", async () => {
    const cache = make();
    const calls = callRecords(cache);
    let n = 0;
    const f = memoize(cache, (_: number) => (n += 1), { name: "f", calls });
    await f(1);
    expect(await calls.remove(calls.query(), { keepResults: true })).toEqual({ records: 1, results: 0 });
    expect(await f.has(1)).toBe(true);
    await f(2);
    await memoize(cache, () => 7, { name: "f", key: () => 2 }).has();
    await cache.set(`f\n${f.digest(2)}`, { result: "later" });
    expect(await calls.remove(calls.query())).toEqual({ records: 1, results: 0 });
    expect(await f.load(2)).toEqual({ result: "later" });
    await expect((async () => calls.remove([], { all: true } as never))()).rejects.toThrow(TypeError);
  });

  it("leaves content to gc, which takes nothing that a call still has", async () => {
    let now = Date.now();
    const store = memoryStore({ maxBytes: 64_000_000 });
    const cache = createCache({ store, inlineLimit: 10, now: () => now });
    const calls = callRecords(cache);
    const f = memoize(cache, (n: number) => "x".repeat(1000 + n), { name: "f", calls });
    await f(1);
    await f(2);
    await calls.remove(calls.query({ digest: f.digest(1) }));
    now += 3_600_000;
    const collected = await collectGarbage({ store, keep: "30m", now: () => now });
    expect(collected.unreferencedBlobs).toBeGreaterThan(0);
    const left = (await calls.query().newest()) as never;
    expect(await calls.result(left)).toEqual({ result: "x".repeat(1002) });
    expect(await verifyStore({ store })).toMatchObject({ damaged: 0, missing: 0 });
  });
});
