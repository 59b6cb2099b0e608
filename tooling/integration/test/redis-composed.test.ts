import { chaos, storeCases } from "@cache/conformance";
import { type Store, split, tiered } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { redisStore } from "@cache/redis";
import { afterAll, describe, expect, it } from "vitest";
import { openRedis } from "./redis-bench.ts";
import { cacheOver, slots } from "./slots.ts";

const bench = await openRedis();
afterAll(() => bench.stop());
const near = memoryStore({ maxBytes: 64_000_000 });

/** Stores of which one is a Redis. */
const COMPOSED: Readonly<Record<string, () => Store>> = {
  "memory before a Redis": () => tiered(near, { store: bench.store(65_536), required: true }),
  "two Redis, one for content": () =>
    split({ blobs: bench.store(65_536), entries: redisStore(bench.client, { prefix: "entries:" }) }),
};

for (const [title, make] of Object.entries(COMPOSED)) {
  describe(`${title}, keeps the contract of the port`, () => {
    const open = async () => make();
    for (const each of storeCases) it(each.name, () => each.run({ open, reopen: open, persistent: true }));
  });

  it(`${title}, where everything fails now and then: nothing wrong comes back`, async () => {
    await bench.stranger.flushall();
    const over = (store: Store) => cacheOver(store, slots["sealed and signed"]?.() ?? {});
    const report = await chaos(over, make(), { seed: 3, operations: 200 });
    expect(report.answers).toBeGreaterThan(10);
  });
}
