import { appendFileSync } from "node:fs";
import type { Name, Store } from "@cache/core";
import { fromIoredis, redisStore } from "@cache/redis";
import { startServer } from "@cache/redis-server";
import { Redis } from "ioredis";
import { afterAll, expect, it } from "vitest";

const KIB = 1024;
const server = await startServer();
const redis = new Redis(server.port);
const store = redisStore(fromIoredis(redis));
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const nameAt = (at: number): Name => `blobs/${at.toString(16).padStart(64, "0")}`;

/** One line for the report of `npm run test:remote`. */
function figure(line: string): void {
  if (process.env.REMOTE_FIGURES !== undefined) appendFileSync(process.env.REMOTE_FIGURES, `${line}\n`);
}

/** Milliseconds for one call, one after the other. */
async function each(count: number, call: (at: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (let at = 0; at < count; at++) await call(at);
  return (performance.now() - began) / count;
}

const ms = (value: number) => `${value.toFixed(2)} ms`;

async function counted(rows: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of rows) count++;
  return count;
}

it.each([
  [1, 500],
  [64, 300],
  [1024, 30],
])("values of %i KiB, %i times, beside the same client used by hand", async (size, count) => {
  const bytes = Buffer.alloc(size * KIB, 7);
  const byHand: Pick<Store, "put" | "get"> = {
    put: async (name, value) => ({ written: (await redis.set(name, value as Buffer)) === "OK" }),
    get: async (name) => (await redis.getBuffer(name)) ?? undefined,
  };
  const times: Record<string, string> = {};
  for (const [words, one] of Object.entries({ store, "by hand": byHand })) {
    await each(10, (at) => one.put(nameAt(at), bytes));
    const put = await each(count, (at) => one.put(nameAt(at), bytes));
    const get = await each(count, (at) => one.get(nameAt(at % 10)));
    times[words] = `put ${ms(put)}, get ${ms(get)}`;
  }
  figure(`${size} KiB: ${times.store}; by hand ${times["by hand"]}`);
  expect(await store.get(nameAt(0))).toEqual(new Uint8Array(bytes));
});

it("a listing of a hundred thousand names", async () => {
  await redis.flushall("SYNC");
  const before = Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
  for (let at = 0; at < 100_000; at += 1000) {
    await Promise.all(Array.from({ length: 1000 }, (_, more) => store.put(nameAt(at + more), Buffer.alloc(100))));
  }
  const after = Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
  const began = performance.now();
  expect(await counted(store.list("blobs"))).toBe(100_000);
  figure(`list of 100000 names: ${((performance.now() - began) / 1000).toFixed(2)} s`);
  figure(`memory for a value of 100 bytes: ${Math.round((after - before) / 100_000)} bytes`);
});
