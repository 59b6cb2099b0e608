import { afterAll, beforeAll, expect, it } from "vitest";
import { type RedisClient, redisStore } from "../src/index.ts";
import { type Bench, nameOf, openBench, sample } from "./bench.ts";

const NAME = nameOf("blobs");
const CHUNK = 16_384;
const COUNT = 200;
let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.stop());

/** A client that knows how many commands are under way, and how many were at most. */
function watched(client: RedisClient, masters?: RedisClient["masters"]) {
  const counts = { now: 0, most: 0, all: 0, longest: 0 };
  const send: RedisClient["send"] = async (command, key) => {
    counts.most = Math.max(counts.most, ++counts.now);
    counts.all++;
    try {
      const answer = await client.send(command, key);
      for (const each of [answer].flat(2))
        if (Buffer.isBuffer(each)) counts.longest = Math.max(counts.longest, each.length);
      return answer;
    } finally {
      counts.now--;
    }
  };
  return { counts, client: masters === undefined ? { send } : { send, masters } };
}

function draft(taken: (at: number) => void) {
  async function* body() {
    for (let at = 0; at < COUNT; at++) {
      taken(at);
      yield sample(CHUNK, at);
    }
  }
  return { headLength: 20, body: body(), finish: () => ({ name: NAME, head: new Uint8Array(20) }) };
}

it.each([false, true])(
  "a stream of any length is written eight pieces at a time (in a cluster: %s)",
  async (isCluster) => {
    const { counts, client } = watched(bench.client, isCluster ? async () => [] : undefined);
    let ahead = 0;
    await redisStore(client, { chunkSize: CHUNK }).putStream(
      draft((at) => {
        ahead = Math.max(ahead, at - counts.all);
      }),
    );
    expect(counts.most).toBeLessThanOrEqual(8);
    expect(ahead).toBeLessThanOrEqual(9);
    const whole = await redisStore(bench.client).get(NAME);
    expect(whole?.length).toBe(COUNT * CHUNK + 20);
    expect(whole?.subarray(20, 20 + CHUNK)).toEqual(sample(CHUNK, 0));
    expect(whole?.subarray(-CHUNK)).toEqual(sample(CHUNK, COUNT - 1));
    expect((await bench.other.scan("0", "COUNT", 100))[1]).toHaveLength(2);
    await bench.other.flushall();
  },
);

it("a reader is sent no more than eight pieces before it takes them", async () => {
  await redisStore(bench.client, { chunkSize: CHUNK }).put(NAME, sample(COUNT * CHUNK));
  const { counts, client } = watched(bench.client);
  const pieces = (await redisStore(client).open(NAME))?.[Symbol.asyncIterator]();
  await pieces?.next();
  await new Promise((resolve) => setImmediate(resolve));
  expect(counts.all).toBeLessThanOrEqual(1 + 1 + 8);
  await pieces?.return?.();
});

it("the bytes of a value that is longer than the limit are not sent", async () => {
  await redisStore(bench.client, { chunkSize: CHUNK }).put(NAME, sample(COUNT * CHUNK));
  const { counts, client } = watched(bench.client);
  await expect(redisStore(client).get(NAME, { limit: 1000 })).rejects.toMatchObject({ code: "ERR_CACHE_LIMIT" });
  await redisStore(bench.client).put(NAME, sample(2000));
  await expect(redisStore(client).get(NAME, { limit: 1000 })).rejects.toMatchObject({ code: "ERR_CACHE_LIMIT" });
  expect(counts.all).toBe(2);
  expect(counts.longest).toBeLessThan(200);
});
