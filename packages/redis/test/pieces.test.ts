import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { redisStore } from "../src/index.ts";
import { type Bench, headOf, nameOf, openBench, sample } from "./bench.ts";

const NAME = nameOf("blobs");
const LONG = sample(5000);
let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.other.flushall());

const long = () => redisStore(bench.client, { chunkSize: 1024, grace: "1m" });
const keys = async () => (await bench.other.scan("0", "COUNT", 100))[1].sort();
const bodies = async () => (await keys()).filter((key) => key !== headOf());

it("a long value whose pieces were evicted is absent, for everybody who asks", async () => {
  const store = long();
  await store.put(NAME, LONG);
  await bench.other.del(await bodies());
  expect(await store.get(NAME)).toBeUndefined();
  expect(await store.open(NAME)).toBeUndefined();
  expect(await store.stat(NAME)).toBeUndefined();
  for await (const row of store.list("blobs")) expect(row).toBeUndefined();
  expect(await store.put(NAME, LONG, { ifAbsent: true })).toEqual({ written: true });
  expect(await store.get(NAME)).toEqual(LONG);
});

it("a long value of which one piece is gone is absent, and not shorter", async () => {
  const store = long();
  await store.put(NAME, LONG);
  const [body = ""] = await bodies();
  await bench.other.hdel(body, "2");
  expect(await store.get(NAME)).toBeUndefined();
});

it("a reader whose pieces are evicted midway fails", async () => {
  const store = long();
  const many = sample(40_000);
  await store.put(NAME, many);
  const reading = async () => {
    for await (const piece of (await store.open(NAME)) ?? []) {
      expect(piece.length).toBe(1024);
      await bench.other.del("none", ...(await bodies()));
    }
  };
  await expect(reading()).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
});

const PLANTED: readonly (readonly [string, (body: string) => Promise<unknown>])[] = [
  ["a longer piece", (body) => bench.other.hset(body, "0", Buffer.alloc(1_000_000))],
  ["a shorter piece", (body) => bench.other.hset(body, "4", "")],
  [
    "as many fields, of which one is no piece",
    async (body) => [await bench.other.hdel(body, "3"), await bench.other.hset(body, "x", "")],
  ],
];

it.each(PLANTED)(
  "a long value with %s is absent, for everybody who asks, and is replaced by a put",
  async (_, plant) => {
    const store = long();
    await store.put(NAME, LONG);
    const [body = ""] = await bodies();
    await plant(body);
    expect(await store.get(NAME)).toBeUndefined();
    expect(await store.open(NAME)).toBeUndefined();
    expect(await store.stat(NAME)).toBeUndefined();
    expect(await store.put(NAME, LONG, { ifAbsent: true })).toEqual({ written: true });
    expect(await store.get(NAME)).toEqual(LONG);
  },
);

it("a piece that somebody makes longer while it is read is not read", async () => {
  const { client, other } = bench;
  await long().put(NAME, LONG);
  const [body = ""] = await bodies();
  const store = redisStore({
    async send(command, key) {
      const answer = await client.send(command, key);
      await other.hset(body, "0", Buffer.alloc(1_000_000));
      return answer;
    },
  });
  expect(await store.get(NAME, { limit: 5000 })).toBeUndefined();
});

it("pieces of what was replaced or deleted are there for the grace, and end", async () => {
  const store = long();
  await store.put(NAME, LONG);
  const [body = ""] = await bodies();
  expect(await bench.other.pttl(body)).toBe(-1);
  for (const change of [() => store.put(NAME, sample(3)), () => store.delete(NAME)]) {
    await bench.other.flushall();
    await store.put(NAME, LONG);
    await change();
    const ends = await bench.other.pttl((await bodies())[0] ?? "");
    expect(ends).toBeGreaterThan(0);
    expect(ends).toBeLessThanOrEqual(60_000);
  }
});

it("pieces of a put that nobody finished end by themselves", async () => {
  const { client } = bench;
  const store = redisStore(
    {
      send: (command, key) => (command[0] === "UNLINK" ? Promise.reject(new Error("gone")) : client.send(command, key)),
    },
    { chunkSize: 1024 },
  );
  async function* body() {
    yield LONG;
    throw new Error("no more");
  }
  const draft = { headLength: 0, body: body(), finish: () => ({ name: NAME, head: new Uint8Array() }) };
  await expect(store.putStream(draft)).rejects.toThrow("no more");
  const [left = ""] = await keys();
  expect(await bench.other.pttl(left)).toBeGreaterThan(0);
});

it("pieces that were lost before the put was complete make it fail, and leave what was there", async () => {
  await long().put(NAME, sample(4));
  const { client, other } = bench;
  let pieces = 0;
  const store = redisStore(
    {
      async send(command, key) {
        const answer = await client.send(command, key);
        if (key !== headOf() && ++pieces === 3) await other.del(key);
        return answer;
      },
    },
    { chunkSize: 1024 },
  );
  await expect(store.put(NAME, sample(30_000))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
  expect(await long().get(NAME)).toEqual(sample(4));
});

it("a command that a client sends twice, since it lost the answer, is done once", async () => {
  const { client } = bench;
  const store = redisStore(
    {
      async send(command, key) {
        await client.send(command, key);
        return client.send(command, key);
      },
    },
    { chunkSize: 1024 },
  );
  for (const bytes of [sample(10), LONG]) {
    expect(await store.put(NAME, bytes, { ifAbsent: true })).toEqual({ written: true });
    expect(await store.get(NAME)).toEqual(bytes);
    await store.delete(NAME);
  }
});

it("of a short value nothing is left beside the long one that replaced it", async () => {
  await long().put(NAME, sample(300));
  await long().put(NAME, LONG);
  expect(Object.keys(await bench.other.hgetall(headOf()))).toEqual(["b"]);
  await long().put(NAME, sample(300));
  expect(Object.keys(await bench.other.hgetall(headOf())).sort()).toEqual(["B", "b"]);
});

it("stores with pieces of different lengths read each other's values", async () => {
  await long().put(NAME, LONG);
  expect(await redisStore(bench.client).get(NAME)).toEqual(LONG);
  await redisStore(bench.client).put(NAME, LONG);
  expect(await long().get(NAME)).toEqual(LONG);
});

it("what is set aside can be looked at, under one key for each name, and ends", async () => {
  const store = redisStore(bench.client, { chunkSize: 1024, quarantine: "2d" });
  for (const bytes of [sample(10), LONG]) {
    await store.put(NAME, bytes);
    await store.delete(NAME, { quarantine: true });
    expect(await store.get(NAME)).toBeUndefined();
  }
  const aside = `${headOf()}:quarantine`;
  const [version = ""] = (await bench.other.hget(aside, "b"))?.split(" ") ?? [];
  expect(await bench.other.hlen(`${headOf()}:${version}`)).toBe(5);
  for (const key of [aside, `${headOf()}:${version}`]) expect(await bench.other.pttl(key)).toBeGreaterThan(86_400_000);
});
