import { callRecords } from "@cache/calls";
import { createCache, memoize } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { call, make, planted } from "./samples.ts";

describe("query", () => {
  const filled = async () => {
    const calls = callRecords(make());
    await calls.record(call("a", 1000, { version: "1" }));
    await calls.record(call("b", 3000));
    await calls.tagged({ git: "abc" }).record(call("a", 2000, { version: "2", digest: "ab12".padEnd(64, "0") }));
    await calls.tagged({ git: "abc", by: "ci" }).record(call("a", 4000, { digest: "ab13".padEnd(64, "0") }));
    return calls;
  };
  const times = async (query: Parameters<Awaited<ReturnType<typeof filled>>["query"]>[0]) =>
    (await (await filled()).query(query).toArray()).map(({ started }) => started);

  it.each([
    ["nothing", undefined, [4000, 3000, 2000, 1000]],
    ["a name", { name: "a" }, [4000, 2000, 1000]],
    ["a name that nothing has", { name: "c" }, []],
    ["a version", { version: "2" }, [2000]],
    ["a version in digits", { version: 1 }, [1000]],
    ["a digest", { digest: "ab12".padEnd(64, "0") }, [2000]],
    ["the beginning of digests", { digest: "AB12" }, [2000]],
    ["a time, which counts", { since: 3000 }, [4000, 3000]],
    ["an end, which does not count", { until: new Date(3000) }, [2000, 1000]],
    ["a tag", { tags: { git: "abc" } }, [4000, 2000]],
    ["tags", { tags: { git: "abc", by: "ci" } }, [4000]],
    ["a tag of another value", { tags: { git: "abd" } }, []],
    ["a tag that every object has", { tags: { constructor: "abc" } }, []],
    ["all of them", { name: "a", version: 2, since: 1, until: 9000, tags: { git: "abc" } }, [2000]],
  ])("by %s gives the newest first", async (_, query, expected) => {
    expect(await times(query)).toEqual(expected);
  });

  it.each([
    ["a short digest of three digits", { digest: "ab1" }],
    ["a digest that is none", { digest: "abcg" }],
    ["too long a digest", { digest: "a".repeat(65) }],
    ["a time that is none", { since: Number.NaN }],
    ["a time in words", { until: "1d" as never }],
    ["a name that is none", { name: 1 as never }],
    ["an option that is none", { nmae: "a" } as never],
  ])("refuses %s", async (_, query) => {
    const calls = await filled();
    expect(() => calls.query(query)).toThrow(TypeError);
  });

  it("is gone through in a chain, each time anew", async () => {
    const calls = await filled();
    const of = async (chain: AsyncIterable<{ started: number }>) => {
      const found: number[] = [];
      for await (const { started } of chain) found.push(started);
      return found;
    };
    const all = calls.query();
    expect(await of(all.take(2))).toEqual([4000, 3000]);
    expect(await of(all.take(0))).toEqual([]);
    const skipped = all.skip(1).take(2);
    expect([await of(skipped), await of(skipped)]).toEqual([
      [3000, 2000],
      [3000, 2000],
    ]);
    expect(await of(all.filter(({ name }) => name === "b"))).toEqual([3000]);
    expect(await of(all.unique(({ name }) => name))).toEqual([4000, 3000]);
    await calls.record(call("b", 5000, { digest: (3000).toString(16).padStart(64, "0") }));
    expect(await of(all.unique())).toEqual([5000, 4000, 2000, 1000]);
    expect(await all.count()).toBe(5);
    expect((await all.newest())?.started).toBe(5000);
    expect((await all.oldest())?.started).toBe(1000);
    expect(await calls.query({ name: "c" }).newest()).toBeUndefined();
    expect(await calls.query({ name: "c" }).oldest()).toBeUndefined();
    const groups = await all.groupBy(({ name }) => name);
    expect([...groups].map(([name, { length }]) => [name, length])).toEqual([
      ["b", 2],
      ["a", 3],
    ]);
  });

  it("reads no result, and no record of another function", async () => {
    const store = memoryStore({ maxBytes: 64_000_000 });
    const read: string[] = [];
    const onEvent = ({ type, plane }: { type: string; plane: string }) => void read.push(`${type} ${plane}`);
    const cache = createCache({ store, onEvent });
    const calls = callRecords(cache);
    const text = memoize(cache, (n: number) => "x".repeat(100_000 + n), { name: "text", calls });
    for (let n = 0; n < 3; n++) await text(n);
    await calls.record(call("f", 1));
    for await (const { name } of store.list("blobs")) await store.delete(name);
    read.length = 0;
    expect(await calls.query({ name: "text" }).count()).toBe(3);
    expect(read).toEqual(["hit entries", "hit entries", "hit entries"]);
  });
});

describe("find", () => {
  it("finds a call by the first digits of its id, in either case", async () => {
    const calls = callRecords(make());
    await calls.record(call("f", 1000));
    const record = (await calls.query().newest()) as { id: string };
    expect(await calls.find(record.id.slice(0, 4).toUpperCase())).toEqual(record);
    expect(await calls.find(record.id)).toEqual(record);
    const other = record.id.startsWith("0000") ? "0001" : "0000";
    expect(await calls.find(other)).toBeUndefined();
    for (const id of ["", "abc", "wxyz", "0".repeat(33)])
      await expect(calls.find(id)).rejects.toThrow("hexadecimal digits");
    await expect(calls.find(12_345 as never)).rejects.toThrow("hexadecimal digits");
  });

  it("refuses digits that several ids begin with, and lists them", async () => {
    const cache = make();
    const calls = callRecords(cache);
    const names = await planted(
      cache,
      Array.from({ length: 12 }, (_, i) => `abcd${i.toString(16)}`),
    );
    await expect(calls.find("abcd")).rejects.toMatchObject({
      code: "ERR_CACHE_AMBIGUOUS",
      message: expect.stringMatching(/: (abcd[0-9a-b]0{7}, ){9}abcd[0-9a-b]0{7} and 2 more$/),
    });
    expect(await calls.find("abcd5")).toMatchObject({ id: names[5] });
  });
});
