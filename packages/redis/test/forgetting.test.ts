import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { redisStore } from "../src/index.ts";
import { type Bench, headOf, nameOf, openBench, sample } from "./bench.ts";

const [VALUE, NOTE] = [nameOf("entries"), nameOf("notes")];
const [MINUTE, HOUR] = [60_000, 3_600_000];
let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.other.flushall());

/** When a key ends, in milliseconds from now; -1 for never, -2 for no such key. */
const left = (key: string): Promise<number> => bench.other.pttl(key);
const bodyOf = async (): Promise<string> => {
  const keys = await bench.other.scan("0", "COUNT", 100);
  return keys[1].find((key) => key !== headOf()) ?? "";
};

it("what may be forgotten ends with its margin, and not before", async () => {
  const store = redisStore(bench.client);
  await store.put(VALUE, sample(10), { keepUntil: Date.now() + HOUR });
  const ends = await left(headOf());
  expect(ends).toBeGreaterThan(HOUR);
  expect(ends).toBeLessThanOrEqual(HOUR + 2 * MINUTE);
});

it("what may not be forgotten stays, also when what was there before it could be", async () => {
  const store = redisStore(bench.client);
  await store.put(VALUE, sample(10), { keepUntil: Date.now() + HOUR });
  await store.put(VALUE, sample(10));
  expect(await left(headOf())).toBe(-1);
});

it("a value and its note end together, when the later of them may, in either order", async () => {
  const store = redisStore(bench.client, { chunkSize: 1024 });
  for (const [first, second] of [
    [VALUE, NOTE],
    [NOTE, VALUE],
  ] as const) {
    await bench.other.flushall();
    await store.put(first, sample(5000), { keepUntil: Date.now() + 3 * HOUR });
    await store.put(second, sample(50), { keepUntil: Date.now() + HOUR });
    const [head, body] = [await left(headOf()), await left(await bodyOf())];
    expect(head).toBeGreaterThan(3 * HOUR);
    expect(Math.abs(head - body)).toBeLessThan(MINUTE / 2);
  }
});

it("a note that stays keeps its value, and when it is deleted the value ends again", async () => {
  const store = redisStore(bench.client);
  await store.put(VALUE, sample(5), { keepUntil: Date.now() + HOUR });
  await store.put(NOTE, sample(5));
  expect(await left(headOf())).toBe(-1);
  await store.delete(NOTE);
  expect(await left(headOf())).toBeGreaterThan(HOUR);
});

it("a time that is over is not the end of a put: by another clock it may not be", async () => {
  const store = redisStore(bench.client);
  await store.put(VALUE, sample(5), { keepUntil: Date.now() - HOUR });
  expect(await store.get(VALUE)).toEqual(sample(5));
  expect(await left(headOf())).toBeGreaterThan(MINUTE / 2);
});

it("a writer whose clock is an hour behind or before shortens nothing", async () => {
  const [now, store] = [Date.now(), redisStore(bench.client)];
  for (const clock of [now - HOUR, now + HOUR]) {
    vi.setSystemTime(clock);
    await store.put(VALUE, sample(5), { keepUntil: now + 2 * HOUR });
    vi.useRealTimers();
    expect(await left(headOf())).toBeGreaterThan(2 * HOUR);
  }
});

it("what a writer whose clock is behind wants to keep is kept so long, though by the server's clock it is over", async () => {
  const behind = Date.now() - HOUR;
  vi.setSystemTime(behind);
  await redisStore(bench.client).put(VALUE, sample(5), { keepUntil: behind + HOUR / 2 });
  vi.useRealTimers();
  expect(await left(headOf())).toBeGreaterThan(HOUR / 2);
});

it.each([Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER, Number.NaN, -1])(
  "keepUntil of %s, which no clock shows, is for ever",
  async (keepUntil) => {
    await redisStore(bench.client).put(VALUE, sample(5), { keepUntil });
    expect(await left(headOf())).toBe(-1);
  },
);

it("what ended is absent, with its note, and nothing is left of it", async () => {
  const store = redisStore(bench.client, { margin: 1, chunkSize: 1024 });
  const keepUntil = Date.now() + 100;
  await store.put(VALUE, sample(5000), { keepUntil });
  await store.put(NOTE, sample(5), { keepUntil });
  await vi.waitFor(async () => expect(await store.stat(NOTE)).toBeUndefined());
  expect(await store.get(VALUE)).toBeUndefined();
  await vi.waitFor(async () => expect(await bench.other.exists(headOf())).toBe(0));
});
