import { type Call, createCache, memoize, memoizeGenerator, structuredCodec } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { describe, expect, it } from "vitest";

const make = () => createCache({ store: memoryStore({ maxBytes: 64_000_000 }), codec: structuredCodec });

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** A generator of the numbers below one, which counts its runs and the items it gave. */
function counting() {
  const seen = { runs: 0, items: 0, closed: 0 };
  function* below(count: number): Generator<number, string, undefined> {
    seen.runs += 1;
    try {
      for (let i = 0; i < count; i++) {
        seen.items += 1;
        yield i;
      }
      return `${count} items`;
    } finally {
      seen.closed += 1;
    }
  }
  return { seen, below };
}

describe("memoizeGenerator", () => {
  it("keeps the items of an iteration that came to its end, and what it ended with", async () => {
    const { seen, below } = counting();
    const each = memoizeGenerator(make(), below, { name: "below" });
    for (let round = 0; round < 3; round++) {
      const items = each(3);
      const steps = [await items.next(), await items.next(), await items.next(), await items.next()];
      expect(steps.map(({ value }) => value)).toEqual([0, 1, 2, "3 items"]);
      expect(steps.map(({ done }) => done)).toEqual([false, false, false, true]);
    }
    expect(seen).toEqual({ runs: 1, items: 3, closed: 1 });
    expect(await each.load(3)).toEqual({ items: [0, 1, 2], result: "3 items" });
    expect([await each.load(4), await each.has(3), await each.has(4)]).toEqual([undefined, true, false]);
    expect([each.name, each.length]).toEqual(["below", 1]);
  });

  it("keeps nothing of one that is left early, and ends the function's own", async () => {
    const { seen, below } = counting();
    const each = memoizeGenerator(make(), below, { name: "below" });
    for await (const item of each(3)) if (item === 1) break;
    expect([await each.has(3), seen]).toEqual([false, { runs: 1, items: 2, closed: 1 }]);
    expect(await all(each(3))).toEqual([0, 1, 2]);
    expect(seen.runs).toBe(2);
  });

  it("does nothing before the first item is asked for", async () => {
    const { seen, below } = counting();
    const items = memoizeGenerator(make(), below, { name: "below" })(3);
    await items.return("");
    expect(seen.runs).toBe(0);
  });

  it("gives items one by one while the function makes them, and no further than they are asked for", async () => {
    const { seen, below } = counting();
    const items = memoizeGenerator(make(), below, { name: "below" })(1_000_000_000);
    await items.next();
    await items.next();
    expect(seen.items).toBe(2);
    await items.return("");
  });

  it("shares one run among iterations at one time, each from the first item on", async () => {
    const { seen, below } = counting();
    const each = memoizeGenerator(make(), below, { name: "below" });
    const [first, second, third] = [each(3), each(3), each(3)];
    await first.next();
    await first.next();
    await second.next();
    await first.return("");
    expect(seen.closed).toBe(0);
    expect(await Promise.all([all(second), all(third)])).toEqual([
      [1, 2],
      [0, 1, 2],
    ]);
    expect(seen).toEqual({ runs: 1, items: 3, closed: 1 });
    expect(await each.has(3)).toBe(true);
  });

  it("gives a failure to all who follow, keeps nothing, and tries again", async () => {
    let runs = 0;
    const each = memoizeGenerator(
      make(),
      async function* () {
        yield 1;
        runs += 1;
        if (runs === 1) throw new Error("lost");
      },
      { name: "f" },
    );
    const answers = await Promise.allSettled([all(each()), all(each())]);
    expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect([await each.has(), runs]).toEqual([false, 1]);
    expect(await all(each())).toEqual([1]);
  });

  it("takes async generators, lists of promises and whatever else can be iterated", async () => {
    const cache = make();
    const list = memoizeGenerator(cache, (n: number) => [n, Promise.resolve(n + 1)], { name: "list" });
    expect([await all(list(1)), await all(list(1))]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    const empty = memoizeGenerator(cache, async function* () {}, { name: "empty" });
    expect([await all(empty()), await empty.load()]).toEqual([[], { items: [], result: undefined }]);
  });

  it("ends what can be ended and has not ended, and nothing else", async () => {
    const seen: string[] = [];
    const endless = (fails: boolean) => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => (fails ? Promise.reject(new Error("lost")) : { value: 1, done: false as const }),
        return: async () => {
          seen.push("return");
          return { value: undefined, done: true as const };
        },
      }),
    });
    const each = memoizeGenerator(make(), endless, { name: "f" });
    for await (const _ of each(false)) break;
    expect(seen).toEqual(["return"]);
    await expect(all(each(true))).rejects.toThrow("lost");
    expect(seen).toEqual(["return"]);
  });

  it("refreshes, forgets, and is apart from a plain function of its name", async () => {
    const { seen, below } = counting();
    const cache = make();
    const each = memoizeGenerator(cache, below, { name: "below" });
    await all(each(2));
    expect(await all(each.refresh(2))).toEqual([0, 1]);
    expect(seen.runs).toBe(2);
    await each.forget(2);
    expect(await each.has(2)).toBe(false);
    await cache.set(`below\n${each.digest(2)}`, { result: 1 });
    expect(await each.has(2)).toBe(false);
  });

  it("passes this on, and runs uncached what has no digest when told to", async () => {
    const told: string[] = [];
    const each = memoizeGenerator(
      make(),
      function* (this: { n: number }, _: unknown) {
        yield this.n;
      },
      { name: "f", undigestible: "run", onEvent: ({ type }) => void told.push(type) },
    );
    expect(await all(each.call({ n: 1 }, () => 1))).toEqual([1]);
    expect(await all(each.refresh.call({ n: 2 }, () => 1))).toEqual([2]);
    expect(await all(each.call({ n: 3 }, 0))).toEqual([3]);
    expect(told).toEqual(["uncached", "uncached"]);
  });

  it("tells a log of calls when the iteration came to its end, or was a hit", async () => {
    const told: Call[] = [];
    const { below } = counting();
    const cache = make();
    const each = memoizeGenerator(cache, below, { name: "f", calls: { record: (call) => void told.push(call) } });
    for await (const _ of each(2)) break;
    expect(told).toEqual([]);
    await all(each(2));
    await all(each(2));
    expect(told.map(({ outcome }) => outcome)).toEqual(["computed", "hit"]);
    expect(await cache.get(told[0]?.key ?? "")).toEqual({ items: [0, 1], result: "2 items" });
  });
});

describe("a run that is forgotten before it ends", () => {
  /** A function whose first run stands still in its middle. */
  function standing() {
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => (go = resolve));
    let begun = (): void => {};
    const middle = new Promise<void>((resolve) => (begun = resolve));
    let runs = 0;
    async function* each() {
      const run = ++runs;
      yield `${run} begins`;
      begun();
      if (run === 1) await gate;
      yield `${run} ends`;
    }
    return { each, middle, go: () => go() };
  }

  it("is not kept, and nobody who asks after that joins it", async () => {
    const { each, middle, go } = standing();
    const memoized = memoizeGenerator(make(), each, { name: "each" });
    const first = all(memoized());
    await middle;
    await memoized.forget();
    expect(await all(memoized())).toEqual(["2 begins", "2 ends"]);
    go();
    expect(await first).toEqual(["1 begins", "1 ends"]);
    expect(await all(memoized())).toEqual(["2 begins", "2 ends"]);
  });

  it("is not kept by a refresh either", async () => {
    const { each, middle, go } = standing();
    const memoized = memoizeGenerator(make(), each, { name: "each" });
    const first = all(memoized.refresh());
    await middle;
    await memoized.forget();
    go();
    expect(await first).toEqual(["1 begins", "1 ends"]);
    expect(await memoized.load()).toBe(undefined);
  });

  it("is not kept by a refresh of a plain function", async () => {
    let go = (_: string): void => {};
    const memoized = memoize(make(), () => new Promise<string>((resolve) => (go = resolve)), { name: "plain" });
    const first = memoized.refresh();
    await memoized.forget();
    go("older");
    expect(await first).toBe("older");
    expect(await memoized.load()).toBe(undefined);
  });
});
