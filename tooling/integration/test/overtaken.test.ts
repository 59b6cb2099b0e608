import { type Cache, createCache, type Store } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { expect, it } from "vitest";

/** A computation that ends when it is told to. */
function slow() {
  let finish = (_: string): void => {};
  let begun = (): void => {};
  const computed = new Promise<string>((resolve) => (finish = resolve));
  const started = new Promise<void>((resolve) => (begun = resolve));
  const compute = () => {
    begun();
    return computed;
  };
  return { compute, started, finish: (value: string) => finish(value) };
}

/** A place that one passes only when the other lets him. */
function gate() {
  let release = (): void => {};
  let putting = (): void => {};
  const reached = new Promise<void>((resolve) => (putting = resolve));
  const held = new Promise<void>((resolve) => (release = resolve));
  return { reached, putting: () => putting(), held, release: () => release() };
}

const memory = (): Store => memoryStore({ maxBytes: 1_000_000 });

type Change = (cache: Cache, signal?: AbortSignal) => Promise<unknown>;
const CHANGES: readonly (readonly [string, Change, string | undefined])[] = [
  ["set", (cache, signal) => cache.set("k", "newer", { signal }), "newer"],
  ["setMany", (cache, signal) => cache.setMany([["k", "newer"]], { signal }), "newer"],
  ["delete", (cache, signal) => cache.delete("k", { signal }), undefined],
  ["deleteMany", (cache, signal) => cache.deleteMany(["k"], { signal }), undefined],
  ["clear", (cache, signal) => cache.clear({ signal }), undefined],
];

it.each(CHANGES)(
  "a value whose key had a %s while it was computed is answered and not kept",
  async (_, change, left) => {
    const cache = createCache({ store: memory() });
    const { compute, started, finish } = slow();
    const answer = cache.getOrSet("k", compute);
    await started;
    await change(cache);
    expect(await cache.getOrSet("k", () => "of its own")).toBe(left ?? "of its own");
    finish("older");
    expect(await answer).toBe("older");
    expect(await cache.get("k")).toBe(left ?? "of its own");
    expect(await cache.getOrSet("other", () => 1)).toBe(1);
    expect(await cache.get("other")).toBe(1);
  },
);

it.each(CHANGES)("a renewal does not take the place of a %s that came later", async (_, change, left) => {
  let now = 1_800_000_000_000;
  const store = memory();
  const cache = createCache({ store, now: () => now });
  await cache.set("k", "old", { ttl: "1m" });
  now += 70_000;
  const { compute, started, finish } = slow();
  expect(await cache.getOrSet("k", compute, { ttl: "1m", staleWhileRevalidate: "1h" })).toBe("old");
  await started;
  await change(cache);
  finish("older");
  // A close waits for renewals.
  await cache.close();
  expect(await createCache({ store, now: () => now }).get("k")).toBe(left);
});

it("a value that is being kept already is there before the change, and not after it", async () => {
  const inner = memory();
  const { reached, putting, held, release } = gate();
  let first = true;
  const store: Store = {
    ...inner,
    put: async (...args) => {
      if (first) {
        first = false;
        putting();
        await held;
      }
      return inner.put(...args);
    },
  };
  const cache = createCache({ store });
  const answer = cache.getOrSet("k", () => "older");
  await reached;
  const change = cache.set("k", "newer");
  release();
  await Promise.all([answer, change]);
  expect(await cache.get("k")).toBe("newer");
});

it.each(CHANGES)(
  "a value whose key had a %s after it was looked for, and before it was computed, is not kept",
  async (_, change, left) => {
    const inner = memory();
    const { reached, putting, held, release } = gate();
    let looks = 0;
    const get: Store["get"] = async (...args) => {
      const found = await inner.get(...args);
      if (++looks > 1) return found;
      putting();
      await held;
      return found;
    };
    const cache = createCache({ store: { ...inner, get } });
    const answer = cache.getOrSet("k", () => "older");
    await reached;
    await change(cache);
    release();
    expect(await answer).toBe("older");
    expect(await createCache({ store: inner }).get("k")).toBe(left);
  },
);

it.each(CHANGES)("a %s that waits for what is being kept ends with its signal", async (_, change) => {
  const inner = memory();
  const { reached, putting, held, release } = gate();
  let puts = 0;
  const put: Store["put"] = async (...args) => {
    if (++puts === 1) {
      putting();
      await held;
    }
    return inner.put(...args);
  };
  const cache = createCache({ store: { ...inner, put } });
  const answer = cache.getOrSet("k", () => "older");
  await reached;
  const [before, meanwhile] = [new AbortController(), new AbortController()];
  before.abort(new Error("before"));
  await expect(change(cache, before.signal)).rejects.toThrow("before");
  const waiting = change(cache, meanwhile.signal);
  // It waits by then: everything up to there is done at once.
  setImmediate(() => meanwhile.abort(new Error("meanwhile")));
  await expect(waiting).rejects.toThrow("meanwhile");
  release();
  expect(await answer).toBe("older");
});

it("what begins to be computed while a change is made is not kept either", async () => {
  const inner = memory();
  const { reached, putting, held, release } = gate();
  let puts = 0;
  const store: Store = {
    ...inner,
    put: async (...args) => {
      const result = await inner.put(...args);
      if (++puts === 1) {
        await inner.delete(args[0]);
        putting();
        await held;
        await inner.put(...args);
      }
      return result;
    },
  };
  const cache = createCache({ store });
  const change = cache.set("k", "newer");
  await reached;
  expect(await cache.getOrSet("k", () => "older")).toBe("older");
  release();
  await change;
  expect(await cache.get("k")).toBe("newer");
  expect(puts).toBe(1);
});
