import { chaos } from "@cache/conformance";
import type { Store } from "@cache/core";
import { redisLeases } from "@cache/redis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { everything, openRedis, type RedisBench } from "./redis-bench.ts";
import { cacheOver, slots, strangers } from "./slots.ts";

const VALUE = "a value that nobody else is to know ".repeat(9);
const LONG = "content that nobody else is to know ".repeat(1000);
/** With a key of a user's; without one anybody may write what is believed. */
const GUARDED = Object.entries(slots).filter(([name]) => name !== "plain");
let bench: RedisBench;
beforeAll(async () => {
  bench = await openRedis();
});
afterAll(() => bench.stop());
beforeEach(() => bench.stranger.flushall());

/** One after the other, in every field of bytes that lies there. */
async function eachChange(change: (bytes: Buffer) => Buffer, check: () => Promise<void>): Promise<void> {
  for (const [key, fields] of await everything(bench.stranger)) {
    for (const [field, bytes] of fields) {
      await bench.stranger.hset(key, field, change(bytes));
      await check();
      await bench.stranger.hset(key, field, bytes);
    }
  }
}

it.each(["sealed", "sealed and signed"])(
  "a stranger reads nothing of a %s cache: no value, no key, no name",
  async (name) => {
    const cache = cacheOver(bench.store(), slots[name]?.() ?? {});
    await cache.set("a secret key", VALUE);
    await cache.set("another", LONG);
    const all = [...(await everything(bench.stranger))];
    expect(all.length).toBeGreaterThan(2);
    const text = all
      .map(([key, fields]) => [key, ...[...fields].flat().map((part) => part.toString("latin1"))].join("\n"))
      .join("\n");
    for (const secret of ["nobody else", "a secret key", "another", "builds"]) expect(text).not.toContain(secret);
  },
);

describe.each(GUARDED)("a %s cache in a Redis where a stranger may do everything", (name, makeSlots) => {
  const theirs = () => strangers[name]?.() ?? {};

  it.each([
    ["flipped in a bit", (bytes: Buffer) => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 4 : byte))],
    ["cut short", (bytes: Buffer) => bytes.subarray(0, -1)],
    ["made longer", (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0)])],
    ["emptied", () => Buffer.alloc(0)],
    ["filled with something else", () => Buffer.from("something else")],
  ])("whatever is %s gives the value or none, and is healed by the next set", async (_, change) => {
    const cache = cacheOver(bench.store(), makeSlots());
    await cache.set("short", VALUE);
    await cache.set("long", LONG);
    await eachChange(
      (bytes) => Buffer.from(change(bytes)),
      async () => {
        expect([undefined, VALUE]).toContain(await cache.get("short").catch(() => undefined));
        expect([undefined, LONG]).toContain(await cache.get("long").catch(() => undefined));
      },
    );
    await cache.set("short", VALUE);
    await cache.set("long", LONG);
    expect([await cache.get("short"), await cache.get("long")]).toEqual([VALUE, LONG]);
  });

  it("what is put under another name, or comes from another's cache, is believed by nobody", async () => {
    const cache = cacheOver(bench.store(), makeSlots());
    await cache.set("a", VALUE);
    await cache.set("b", "b's value");
    const [one, other] = [...(await everything(bench.stranger)).keys()];
    if (one === undefined || other === undefined) throw new Error("there are two");
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const fields = (await everything(bench.stranger)).get(from) ?? new Map<string, Buffer>();
      for (const [field, bytes] of fields) await bench.stranger.hset(to, field, bytes);
    }
    expect([undefined, VALUE]).toContain(await cache.get("a"));
    expect([undefined, "b's value"]).toContain(await cache.get("b"));
    await bench.stranger.flushall();
    await cacheOver(bench.store(), theirs()).set("a", "forged");
    expect(await cache.get("a")).toBeUndefined();
  });

  it("keys of another type and fields without end are failures or misses, and no value", async () => {
    const cache = cacheOver(bench.store(), makeSlots());
    await cache.set("a", VALUE);
    const [key = ""] = [...(await everything(bench.stranger)).keys()];
    for (const field of ["e", "E"]) await bench.stranger.hset(key, field, Buffer.alloc(3_000_000, 0x61));
    expect(await cache.get("a").catch(() => undefined)).toBeUndefined();
    await bench.stranger.del(key);
    await bench.stranger.set(key, "text");
    expect(await cache.get("a").catch(() => undefined)).toBeUndefined();
    expect(await cache.getOrSet("a", () => "computed")).toBe("computed");
  });

  it("chaos: whatever fails, nothing wrong comes back, and the cache recovers by itself", async () => {
    const make = (store: Store) => cacheOver(store, makeSlots());
    const report = await chaos(make, bench.store(), { seed: 7, operations: 200 });
    expect(report.answers).toBeGreaterThan(10);
  });
});

it("machines that ask for one missing key at once: one computes, all get it", async () => {
  let computed = 0;
  const machines = Array.from({ length: 5 }, () =>
    cacheOver(bench.store(), slots.sealed?.() ?? {}, { leases: redisLeases(bench.client, { ttl: "5s" }) }),
  );
  const values = await Promise.all(
    machines.map((cache) =>
      cache.getOrSet("dear", async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return `computed ${++computed}`;
      }),
    ),
  );
  expect(new Set(values)).toEqual(new Set(["computed 1"]));
});
