import { afterAll, beforeAll, expect, it } from "vitest";
import { redisStore } from "../src/index.ts";
import { type Bench, nameOf, openBench, sample } from "./bench.ts";

const MIB = 1024 * 1024;
const COUNT = 400;
let bench: Bench;
beforeAll(async () => {
  bench = await openBench({ maxmemory: 8 * MIB, policy: "allkeys-lru" });
});
afterAll(() => bench.stop());

it("a full server that evicts: every put is taken, and what comes back is right or nothing", async () => {
  const store = redisStore(bench.client, { chunkSize: 16_384 });
  const named = Array.from({ length: COUNT }, (_, at) => ({
    name: nameOf("blobs", at.toString(16).padStart(64, "0")),
    bytes: sample(at % 10 === 0 ? 150_000 : 40_000, at),
  }));
  for (const { name, bytes } of named) await store.put(name, bytes);
  let there = 0;
  for (const { name, bytes } of named) {
    const found = await store.get(name);
    if (found === undefined) continue;
    there++;
    expect(Buffer.compare(found, bytes)).toBe(0);
  }
  expect(there).toBeGreaterThan(20);
  expect(there).toBeLessThan(COUNT - 100);
  const { name, bytes } = named.at(-1) ?? { name: nameOf("blobs"), bytes: sample(0) };
  expect(await store.get(name)).toEqual(bytes);
});
