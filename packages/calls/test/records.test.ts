import { hostname } from "node:os";
import { callRecords, type Tags } from "@cache/calls";
import { type Call, createCache, jsonCodec, memoize } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";
import { call, make, planted } from "./samples.ts";

describe("a record that is none", () => {
  it("is what it takes for one that is", async () => {
    const cache = make();
    await planted(cache, ["aaaa"]);
    expect(await callRecords(cache).query().count()).toBe(1);
  });

  it.each<[string, object]>([
    ["an unknown outcome", { outcome: "guessed" }],
    ["a duration that is none", { duration: -1 }],
    ["a duration in words", { duration: "1" }],
    ["the key of something else", { key: "secrets" }],
    ["the key of another function", { key: `g\n${"d".repeat(64)}` }],
    ["a key that goes on", { key: `f\n${"d".repeat(64)}\nother` }],
    ["no environment", { environment: null }],
    ["an environment without runtime", { environment: { platform: "p" } }],
    ["an environment with more", { environment: { runtime: "r", platform: "p", secret: "s" } }],
    ["a host that is no text", { environment: { runtime: "r", platform: "p", host: 1 } }],
    ["tags in a list", { tags: ["a"] }],
    ["a tag that is no text", { tags: { a: 1 } }],
    ["too many tags", { tags: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [i, ""])) }],
    ["too long a tag", { tags: { a: "x".repeat(4097) } }],
    ["a result without size", { result: { digest: "d".repeat(64) } }],
    ["a result of half a byte", { result: { digest: "d".repeat(64), size: 0.5 } }],
    ["a result without digest", { result: { digest: "d".repeat(63), size: 1 } }],
    ["arguments that are no text", { arguments: [1] }],
    ["another field", { other: 1 }],
  ])("is passed over with %s", async (_, more) => {
    const cache = make();
    await planted(cache, ["aaaa"], more);
    expect(await callRecords(cache).query().count()).toBe(0);
  });

  it("is passed over with a key that is none", async () => {
    const cache = make();
    const [id, digest] = ["a".repeat(32), "d".repeat(64)];
    const stored = {
      outcome: "computed",
      duration: 1,
      key: `f\n${digest}`,
      environment: { runtime: "r", platform: "p" },
      tags: {},
    };
    const good = [id, "1000", digest, "f", ""];
    const at = (place: number, text: string) => good.with(place, text).join("\n");
    const bad = [
      at(0, "a"),
      at(0, "A".repeat(32)),
      at(1, "01000"),
      at(1, "1e3"),
      at(1, "-1"),
      at(1, ""),
      at(1, "9007199254740992"),
    ];
    bad.push(
      at(2, "d"),
      at(2, "D".repeat(64)),
      at(3, ""),
      at(3, "x".repeat(256)),
      at(4, "\n"),
      at(4, "x".repeat(256)),
      good.slice(0, 4).join("\n"),
      "other",
    );
    for (const key of bad) await cache.namespace("calls", { codec: jsonCodec }).set(key, stored);
    expect(await callRecords(cache).query().toArray()).toEqual([]);
  });

  it.each<[string, Partial<Call>]>([
    ["no name", { name: "" }],
    ["a name of two lines", { name: "a\nb" }],
    ["a digest that is none", { digest: "d" }],
    ["a time that is none", { started: 0.5 }],
    ["a key of something else", { key: "other" }],
    ["too long a name", { name: "x".repeat(256) }],
    ["a version of two lines", { version: "1\n2" }],
    ["too long a version", { version: "x".repeat(256) }],
  ])("is not written for a call with %s", async (_, more) => {
    const { name, ...rest } = { name: "f", ...more };
    await expect(callRecords(make()).record(call(name, 1000, rest))).rejects.toThrow(TypeError);
  });

  it("holds no result back, whatever its key looks like", async () => {
    const cache = make();
    const calls = callRecords(cache);
    const f = memoize(cache, () => 1, { name: "f", calls });
    const [id, digest] = ["a".repeat(32), f.digest()];
    const [good, records] = [[id, "1000", digest, "f", ""], cache.namespace("calls", { codec: jsonCodec })];
    for (const bad of [good.with(1, "01000"), good.with(1, ""), good.slice(0, 4)]) await records.set(bad.join("\n"), 1);
    await f();
    expect(await calls.remove(calls.query())).toEqual({ records: 1, results: 1 });
  });

  it("callRecords of nothing says what is missing", () => {
    expect(() => callRecords(null as never)).toThrow("needs a cache");
  });
});

describe("what is recorded", () => {
  const recorded = async (options: Parameters<typeof callRecords>[1], args: unknown[] = [1]) => {
    const cache = make();
    const calls = callRecords(cache, options);
    const f = memoize<unknown[], number>(cache, (..._) => 1, { name: "f", key: () => 1, calls });
    await f(...args);
    await f(...args);
    return calls.query().toArray();
  };

  it("hits only when they are asked for", async () => {
    expect((await recorded({})).map(({ outcome }) => outcome)).toEqual(["computed"]);
    expect((await recorded({ hits: true })).map(({ outcome }) => outcome).sort()).toEqual(["computed", "hit"]);
  });

  it("the machine's name only when it is asked for", async () => {
    expect((await recorded({ host: true }))[0]?.environment.host).toBe(hostname());
    expect((await recorded({ host: false }))[0]?.environment).not.toHaveProperty("host");
  });

  it("tags, fixed or asked for at each call", async () => {
    let n = 0;
    const tags = (): Tags => {
      n += 1;
      return { n: String(n) };
    };
    expect((await recorded({ tags: { a: "b" } }))[0]?.tags).toEqual({ a: "b" });
    expect((await recorded({ hits: true, tags })).map((each) => each.tags.n).sort()).toEqual(["1", "2"]);
  });

  it("arguments only when they are asked for, and of what is long the beginning", async () => {
    class Secret {}
    const args: unknown[] = [
      ...["text", -0, 1n, null, undefined, true, () => 1, Symbol("s")],
      ...[new Date(0), Uint8Array.of(1, 2), new Map([[1, 2]]), new Secret(), Object.create(null)],
      { a: [{ b: [{ c: 1 }] }], "odd name": "x".repeat(200) },
      Array.from({ length: 12 }, (_, i) => i),
      Object.defineProperty({}, "getter", { enumerable: true, get: () => expect.fail("it ran") }),
    ];
    const [record] = await recorded({ arguments: true }, args);
    expect(record?.arguments).toBe(
      `"text", -0, 1n, null, undefined, true, [function], [symbol], Date(0), Uint8Array(2 bytes), [Map], [Secret], {}, ` +
        `{"a": [{"b": […]}], "odd name": "${"x".repeat(100)}…"}, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 2 more], {"getter": undefined}`,
    );
    const [long] = await recorded({ arguments: (each) => `${each.length}${"\ud800".repeat(2000)}` });
    expect(long?.arguments).toMatch(/^1\ufffd+…$/);
    expect(long?.arguments).toHaveLength(1000);
    expect((await recorded({ arguments: false }))[0]).not.toHaveProperty("arguments");
  });

  it("for as long as is said", async () => {
    let now = Date.now();
    const cache = createCache({ store: memoryStore({ maxBytes: 1_000_000 }), now: () => now });
    const calls = callRecords(cache, { ttl: "1h" });
    await calls.record(call("f", 1000));
    now += 3_600_001;
    expect(await calls.query().count()).toBe(0);
  });

  it("in the namespace that is said", async () => {
    const cache = make();
    await callRecords(cache, { namespace: "log" }).record(call("f", 1000));
    expect(await callRecords(cache).query().count()).toBe(0);
    expect(await callRecords(cache, { namespace: "log" }).query().count()).toBe(1);
  });

  it.each([
    ["options", () => callRecords(make(), { show: true } as never)],
    ["hits", () => callRecords(make(), { hits: 1 as never })],
    ["host", () => callRecords(make(), { host: "yes" as never })],
    ["arguments", () => callRecords(make(), { arguments: "all" as never })],
    ["tags", () => callRecords(make(), { tags: null as never })],
    ["tags", () => callRecords(make(), { tags: "a" as never })],
    ["ttl", () => callRecords(make(), { ttl: "soon" })],
  ])("refuses wrong %s", (_, make) => {
    expect(make).toThrow(TypeError);
  });
});
