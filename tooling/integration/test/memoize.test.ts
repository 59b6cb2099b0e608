import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type Call, createCache, type MemoizeEvent, memoize, structuredCodec } from "@cache/core";
import { digestOf } from "@cache/core/digest";
import { memoryStore } from "@cache/memory";
import { describe, expect, it, onTestFinished } from "vitest";

const make = () => createCache({ store: memoryStore({ maxBytes: 64_000_000 }), codec: structuredCodec });

describe("memoize", () => {
  it("keeps name and version apart, whatever is in them", async () => {
    const cache = make();
    const as = (name: string, version?: string | number) =>
      memoize(cache, () => `${name}|${version}`, { name, version });
    const functions = [as("a@1"), as("a", "1"), as("a"), as("a", "2"), as("1", "a"), as("a 1")];
    for (const each of functions) await each();
    expect(await Promise.all(functions.map((each) => each()))).toEqual([
      "a@1|undefined",
      "a|1",
      "a|undefined",
      "a|2",
      "1|a",
      "a 1|undefined",
    ]);
    expect(await as("a", 1)()).toBe("a|1");
  });

  it("keeps a version apart from a name with the same lines", () => {
    const cache = make();
    for (const word of ["a\nb", "", "x".repeat(256), "\ud800", "a\u0085", 1.5, null]) {
      expect(() => memoize(cache, () => 1, { name: "f", version: word as string }), String(word)).toThrow(TypeError);
      expect(() => memoize(cache, () => 1, { name: word as string }), String(word)).toThrow(TypeError);
    }
  });

  it("digests all arguments as digestOf digests their list", () => {
    const { digest } = memoize(make(), (..._: unknown[]) => 1, { name: "f" });
    expect(digest(1, { a: "b".repeat(100) })).toBe(digestOf([1, { a: "b".repeat(100) }]));
    expect(digest()).toBe(digestOf([]));
    expect(digest(...Array.from({ length: 100 }, (_, i) => i))).toBe(
      digestOf(Array.from({ length: 100 }, (_, i) => i)),
    );
  });

  it("leaves out arguments and fields that are ignored, whether they are there or not", () => {
    const page = (url: string, options: { depth: number; signal?: unknown }, log?: unknown) => [url, options, log];
    const { digest } = memoize(make(), page, { name: "f", ignore: { 1: ["signal"], 2: true } });
    const same = digest("u", { depth: 1 });
    expect(digest("u", { depth: 1, signal: AbortSignal.timeout(1) }, console.log)).toBe(same);
    expect(digest("u", { depth: 2 })).not.toBe(same);
    expect(digest("v", { depth: 1 })).not.toBe(same);
    expect(() => digest("u", { depth: (() => 1) as never })).toThrow(/^arguments\[1\]\.depth is a function/);
  });

  it("lets the compiler know what can be ignored", () => {
    const page = (url: string, options?: { depth: number; signal?: unknown }, retries?: number) => [
      url,
      options,
      retries,
    ];
    const each = (...all: { id: number }[]) => all;
    memoize(make(), page, { name: "f", ignore: { 1: ["depth", "signal"], 2: true } });
    memoize(make(), each, { name: "f", ignore: { 7: ["id"] } });
    // @ts-expect-error: there is no such field
    memoize(make(), page, { name: "f", ignore: { 1: ["singal"] } });
    // @ts-expect-error: there is no such argument
    memoize(make(), page, { name: "f", ignore: { 3: true } });
    // @ts-expect-error: there is no such field
    memoize(make(), each, { name: "f", ignore: { 7: ["name"] } });
    const answer: Promise<unknown[]> = memoize(make(), page, { name: "f" })("url");
    expect(answer).toBeInstanceOf(Promise);
  });

  it("names the position that an argument was given at, when one before it is ignored", () => {
    const { digest } = memoize(make(), (_: unknown, __: unknown) => 1, { name: "f", ignore: { 0: true } });
    expect(() => digest(1, { user: { socket: new WeakMap() } })).toThrow(
      /^arguments\[1\]\.user\.socket is an instance of WeakMap/,
    );
  });

  it("takes nothing from what is no plain object, whatever is ignored in it", () => {
    const { digest } = memoize(make(), (_: unknown) => 1, { name: "f", ignore: { 0: ["0", "length"] } as never });
    expect(digest([1])).not.toBe(digest([2]));
    expect(digest(Object.assign(Object.create(null), { 0: 1 }))).toBe(digest({}));
    expect(digest(undefined)).not.toBe(digest(null));
    expect(() => digest(new (class A {})())).toThrow("instance of A");
  });

  it.each([
    ["ignore", { ignore: [] as never, key: () => 1 }],
    ["ignore", { ignore: { a: true } as never }],
    ["ignore", { ignore: { 0: false } as never }],
    ["ignore", { ignore: { 0: [1] } as never }],
    ["ignore", { ignore: { "01": true } as never }],
    ["ignore", { ignore: null as never }],
    ["undigestible", { undigestible: "ignore" as never }],
    ["onEvent", { undigestible: "run" as const }],
    ["onEvent", { onEvent: 1 as never }],
    ["contentOf", { contentOf: 1 as never }],
    ["calls", { calls: {} as never }],
  ])("refuses a wrong %s: %o", (what, options) => {
    expect(() => memoize(make(), (_: unknown) => 1, { name: "f", ...options })).toThrow(
      expect.objectContaining({ name: "TypeError", message: expect.stringContaining(what) }),
    );
  });

  it("passes this on, to the function and to key, and keeps its name", async () => {
    const area = memoize(
      make(),
      async function area(this: { side: number }, factor: number) {
        return this.side * factor;
      },
      {
        name: "area",
        key(factor) {
          return [this.side, factor];
        },
      },
    );
    const square = { side: 3, area };
    expect(await square.area(2)).toBe(6);
    expect(await area.call({ side: 4 }, 2)).toBe(8);
    expect(await area.refresh.call({ side: 5 }, 2)).toBe(10);
    expect(await area.load.call({ side: 5 }, 2)).toEqual({ result: 10 });
    expect([area.name, area.length]).toEqual(["area", 1]);
  });

  it("gives helpers no this of their own", async () => {
    const seen: unknown[] = [];
    const each = memoize(
      make(),
      function (this: unknown) {
        seen.push(this);
      },
      { name: "f" },
    );
    await each.refresh();
    expect(seen).toEqual([undefined]);
  });

  it("load tells a miss from undefined, and never runs the function", async () => {
    let runs = 0;
    const each = memoize(
      make(),
      (value: unknown) => {
        runs += 1;
        return value;
      },
      { name: "f" },
    );
    expect(await each.load(undefined)).toBeUndefined();
    await each(undefined);
    await each(null);
    expect([await each.load(undefined), await each.load(null)]).toEqual([{ result: undefined }, { result: null }]);
    await each.forget(null);
    expect([await each.load(null), await each.has(null), await each.has(undefined), runs]).toEqual([
      undefined,
      false,
      true,
      2,
    ]);
  });

  it("runs once for calls at one time, and keeps nothing of a run that failed", async () => {
    let runs = 0;
    const each = memoize(
      make(),
      async (_: number) => {
        runs += 1;
        throw new Error(`run ${runs}`);
      },
      {
        name: "f",
      },
    );
    const answers = await Promise.allSettled([each(1), each(1), each(1)]);
    expect(answers.map((answer) => (answer as PromiseRejectedResult).reason.message)).toEqual([
      "run 1",
      "run 1",
      "run 1",
    ]);
    await expect(each(1)).rejects.toThrow("run 2");
    expect(await each.has(1)).toBe(false);
  });

  it("refuses functions that give items one by one, and results that do", async () => {
    const cache = make();
    expect(() => memoize(cache, function* () {}, { name: "f" })).toThrow("memoizeGenerator");
    expect(() => memoize(cache, async function* () {}, { name: "f" })).toThrow("memoizeGenerator");
    await expect(memoize(cache, () => [1].values(), { name: "f" })()).rejects.toThrow("memoizeGenerator");
    await expect(memoize(cache, () => (async function* () {})(), { name: "f" }).refresh()).rejects.toThrow(
      "memoizeGenerator",
    );
    expect(await memoize(cache, () => [1], { name: "f" })()).toEqual([1]);
    expect(await memoize(cache, () => ({ next: 1 }), { name: "g" })()).toEqual({ next: 1 });
  });

  it("refuses what somebody else keeps under the key of a call", async () => {
    const cache = make();
    const each = memoize(cache, () => 1, { name: "f" });
    for (const value of [null, 1, [1]]) {
      await cache.set(`f\n${each.digest()}`, value);
      await expect(each()).rejects.toMatchObject({ code: "ERR_CACHE_CODEC" });
      await expect(each.load()).rejects.toMatchObject({ code: "ERR_CACHE_CODEC" });
    }
  });

  describe("with an argument that has no digest", () => {
    it("throws, from every helper", async () => {
      const each = memoize(make(), (_: unknown) => 1, { name: "f" });
      const refused = { code: "ERR_CACHE_UNDIGESTIBLE" };
      for (const call of [each, each.has, each.load, each.forget, each.refresh]) {
        await expect(call(() => 1)).rejects.toMatchObject(refused);
      }
      expect(() => each.digest(() => 1)).toThrow(expect.objectContaining(refused));
    });

    it('runs uncached with "run", and tells of each run', async () => {
      const events: MemoizeEvent[] = [];
      const published: unknown[] = [];
      const listener = (message: unknown) => void published.push(message);
      subscribe("cache:uncached", listener);
      onTestFinished(() => void unsubscribe("cache:uncached", listener));
      let runs = 0;
      const each = memoize(make(), (_: unknown) => (runs += 1), {
        ...{ name: "f", version: 2, undigestible: "run" },
        onEvent: (event) => void events.push(event),
      });
      const socket = new WeakMap();
      expect([await each({ socket }), await each({ socket }), await each.refresh({ socket })]).toEqual([1, 2, 3]);
      expect([await each.has({ socket }), await each.load({ socket })]).toEqual([false, undefined]);
      await each.forget({ socket });
      expect(() => each.digest({ socket })).toThrow("arguments[0].socket is an instance of WeakMap");
      expect(events).toHaveLength(3);
      expect(events[0]).toMatchObject({
        type: "uncached",
        level: "warning",
        name: "f",
        version: "2",
        error: { code: "ERR_CACHE_UNDIGESTIBLE" },
      });
      expect(published).toEqual(events);
      expect([await each(1), await each(1)]).toEqual([4, 4]);
    });

    it("still throws what key throws", async () => {
      const own = new Error("mine");
      const key = () => {
        throw own;
      };
      const each = memoize(make(), () => 1, { name: "f", key, undigestible: "run", onEvent: () => {} });
      await expect(each()).rejects.toBe(own);
      await expect(each.has()).rejects.toBe(own);
    });
  });

  describe("with a log of calls", () => {
    it("tells it of runs and of hits, with the key of the result", async () => {
      const told: Call[] = [];
      const cache = make();
      const calls = { record: (call: Call) => void told.push(call) };
      const each = memoize(cache, (n: number) => n + 1, { name: "f", version: "1", calls });
      const before = Date.now();
      await each(1);
      await each(1);
      await each.refresh(1);
      const of = { name: "f", version: "1", digest: each.digest(1), key: `f\n1\n${each.digest(1)}`, args: [1] };
      expect(told).toMatchObject([
        { ...of, outcome: "computed" },
        { ...of, outcome: "hit" },
        { ...of, outcome: "computed" },
      ]);
      expect(await cache.get(told[0]?.key ?? "")).toEqual({ result: 2 });
      for (const { started, duration } of told) {
        expect(started).toBeGreaterThanOrEqual(before);
        expect(duration).toBeGreaterThanOrEqual(0);
      }
    });

    it("gives the result although the log fails, and tells of that", async () => {
      const events: MemoizeEvent[] = [];
      const failure = new Error("full");
      const calls = { record: () => Promise.reject(failure) };
      const each = memoize(make(), () => 7, { name: "f", calls, onEvent: (event) => void events.push(event) });
      expect(await each()).toBe(7);
      expect(events).toMatchObject([{ type: "unrecorded", level: "warning", name: "f", error: failure }]);
    });
  });
});
