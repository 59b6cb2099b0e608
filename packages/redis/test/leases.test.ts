import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { redisLeases } from "../src/index.ts";
import { type Bench, nameOf, openBench } from "./bench.ts";

const NAME = nameOf("entries");
let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.other.flushall());

const leases = (ttl: number) => redisLeases(bench.client, { ttl });

it("of many who want a turn one has it, until it is given back", async () => {
  const taken = await Promise.all(Array.from({ length: 20 }, () => leases(10_000).take(NAME)));
  const held = taken.filter((lease) => lease !== undefined);
  expect(held).toHaveLength(1);
  expect(await leases(10_000).take(nameOf("blobs"))).toBeDefined();
  await held[0]?.release();
  expect(await leases(10_000).take(NAME)).toBeDefined();
});

it("a turn that nobody renews ends, and its holder is told so and takes nothing from the next", async () => {
  const first = await leases(50).take(NAME);
  const second = await vi.waitFor(async () => {
    const lease = await leases(10_000).take(NAME);
    expect(lease).toBeDefined();
    return lease;
  });
  expect(await first?.renew()).toBe(false);
  await first?.release();
  expect(await leases(10_000).take(NAME)).toBeUndefined();
  expect(await second?.renew()).toBe(true);
});

it("renewing makes a turn last from now on", async () => {
  const lease = await leases(10_000).take(NAME);
  const key = `cache:{${"0123456789abcdef".repeat(4)}}:lease:entries`;
  await bench.other.pexpire(key, 5000);
  expect(await lease?.renew()).toBe(true);
  expect(await bench.other.pttl(key)).toBeGreaterThan(5000);
});

it("a turn taken twice by one command that was sent twice is taken once", async () => {
  const { client } = bench;
  const twice = redisLeases({
    async send(command, key) {
      await client.send(command, key);
      return client.send(command, key);
    },
  });
  expect(await twice.take(NAME)).toBeDefined();
  expect(await leases(1000).take(NAME)).toBeUndefined();
});

it("a server that cannot be reached is a failure, and no turn", async () => {
  const lost = redisLeases({ send: () => Promise.reject(new Error("connection refused")) });
  await expect(lost.take(NAME)).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
  const lease = await leases(1000).take(NAME);
  await expect(lost.take(NAME, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  await bench.other.set(`cache:{${"0123456789abcdef".repeat(4)}}:lease:entries`, "another");
  expect(await lease?.renew()).toBe(false);
});

it.each([{ ttl: 0 }, { ttl: "soon" }, { prefix: "{" }, { lasts: 3 }])("options %o are refused", (options: object) => {
  expect(() => redisLeases(bench.client, options)).toThrow(TypeError);
});
