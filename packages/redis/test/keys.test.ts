import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { redisStore } from "../src/index.ts";
import { type Bench, headOf, nameOf, openBench, sample } from "./bench.ts";

const NAME = nameOf("blobs");
let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.other.flushall());

async function namesIn(prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of redisStore(bench.client, { prefix }).list("blobs")) names.push(name);
  return names;
}

it("prefixes divide a server, also with signs that patterns know", async () => {
  const prefixes = ["", "a:", "a*", "a?", "[ab]:", "a\\", "^-]", "ü:", "a"];
  for (const [at, prefix] of prefixes.entries()) {
    const name = nameOf("blobs", at.toString(16).padStart(64, "0"));
    await redisStore(bench.client, { prefix }).put(name, sample(1, at));
  }
  for (const [at, prefix] of prefixes.entries()) {
    expect(await namesIn(prefix)).toEqual([nameOf("blobs", at.toString(16).padStart(64, "0"))]);
    expect(await redisStore(bench.client, { prefix }).get(NAME)).toBeUndefined();
  }
});

it("keys of others that begin like ours are not listed, and neither are pieces and what was set aside", async () => {
  const store = redisStore(bench.client, { chunkSize: 1024 });
  await store.put(NAME, sample(5000));
  await store.delete(NAME, { quarantine: true });
  await store.put(NAME, sample(5000));
  for (const key of [`${headOf()}:x`, "cache:{0a}", `cache:{${"A".repeat(64)}}`, `cache:x{${"a".repeat(64)}}`]) {
    await bench.other.hset(key, "b", `${"a".repeat(32)} 1 1 0 0`, "B", "1");
  }
  expect(await namesIn("cache:")).toEqual([NAME]);
});

it("a kind is listed without the others that share its digits", async () => {
  const store = redisStore(bench.client);
  for (const kind of ["blobs", "entries", "notes"] as const) await store.put(nameOf(kind), sample(4));
  expect(await namesIn("cache:")).toEqual([NAME]);
  await store.delete(NAME);
  expect(await namesIn("cache:")).toEqual([]);
  expect(await store.get(nameOf("notes"))).toEqual(sample(4));
});
