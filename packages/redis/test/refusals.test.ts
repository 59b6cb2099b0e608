import { afterEach, describe, expect, it } from "vitest";
import {
  fromIoredis,
  fromNodeRedis,
  type RedisClient,
  redisLeases,
  redisMonotonicStore,
  redisStore,
} from "../src/index.ts";
import { type Bench, headOf, nameOf, openBench, sample } from "./bench.ts";
import { viaIoredis } from "./clients.ts";

const NAME = nameOf("entries");
let bench: Bench;
afterEach(() => bench.stop());

/** What a store says when the server refused with a word. */
const refusal = (word: string) => ({
  code: "ERR_CACHE_STORE",
  message: expect.stringContaining(`(${word})`),
  cause: expect.objectContaining({ message: expect.stringContaining(word) }),
});

describe("a server that wants a password", () => {
  it("without one nothing is answered", async () => {
    bench = await openBench({ password: "right" });
    const { client, close } = await viaIoredis({ ...bench.server, password: undefined });
    const store = redisStore(client);
    await expect(store.get(NAME)).rejects.toMatchObject(refusal("NOAUTH"));
    await expect(store.put(NAME, sample(3))).rejects.toMatchObject(refusal("NOAUTH"));
    close();
  });

  it("with a wrong one nothing is answered, also by clients that try again for ever", async () => {
    bench = await openBench({ password: "right" });
    const { client, close } = await viaIoredis({ ...bench.server, password: "wrong" });
    const store = redisStore(client, { timeout: "500ms" });
    await expect(store.get(NAME)).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    close();
  });
});

describe("a server without memory that evicts nothing", () => {
  it("refuses puts of every length and leaves nothing of them, and answers and deletes what is there", async () => {
    bench = await openBench();
    const store = redisStore(bench.client, { chunkSize: 1024 });
    await store.put(NAME, sample(500));
    await bench.other.call("CONFIG", "SET", "maxmemory", "1");
    await expect(store.put(NAME, sample(500, 2))).rejects.toMatchObject(refusal("OOM"));
    await expect(store.put(NAME, sample(50_000, 2))).rejects.toMatchObject(refusal("OOM"));
    expect(await bench.other.dbsize()).toBe(1);
    expect(await store.get(NAME)).toEqual(sample(500));
    await store.delete(NAME, { quarantine: true });
    expect(await store.get(NAME)).toBeUndefined();
    expect(await bench.other.dbsize()).toBe(0);
  });
});

it("a replica answers and refuses puts and deletes", async () => {
  bench = await openBench();
  const store = redisStore(bench.client, { chunkSize: 1024 });
  await store.put(NAME, sample(5000));
  await bench.other.call("REPLICAOF", "127.0.0.1", "1");
  expect(await store.get(NAME)).toEqual(sample(5000));
  await expect(store.put(NAME, sample(3))).rejects.toMatchObject(refusal("READONLY"));
  await expect(store.put(NAME, sample(5000, 2))).rejects.toMatchObject(refusal("READONLY"));
  await expect(store.delete(NAME)).rejects.toMatchObject(refusal("READONLY"));
});

it("no condition is met by a version that no value has", async () => {
  bench = await openBench();
  const store = redisStore(bench.client);
  await store.put(NAME, sample(3));
  await store.delete(NAME, { ifVersion: "" });
  expect(await store.get(NAME)).toEqual(sample(3));
});

it("a key of ours that somebody made of another type holds nothing, and is set aside by a put", async () => {
  bench = await openBench();
  const store = redisStore(bench.client);
  await bench.other.set(headOf(), "somebody's");
  expect([await store.get(NAME), await store.open(NAME), await store.stat(NAME)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  for await (const row of store.list("entries")) expect(row).toBeUndefined();
  await store.delete(NAME, { quarantine: true });
  expect(await bench.other.get(headOf())).toBe("somebody's");
  expect(await store.put(NAME, sample(3), { ifAbsent: true })).toEqual({ written: true });
  expect(await store.get(NAME)).toEqual(sample(3));
  expect(await bench.other.get(`${headOf()}:quarantine`)).toBe("somebody's");
  expect(await bench.other.pttl(`${headOf()}:quarantine`)).toBeGreaterThan(0);
});

const VERSION = "a".repeat(32);
const FOREIGN = [
  ["text of nobody's", "hello"],
  ["a version that is none", "aa 1 5 0 0"],
  ["letters that no store writes", `${"A".repeat(32)} 1 5 0 0`],
  ["zeros in front of a time", `${VERSION} 00000000000000001 5 0 0`],
  ["zeros in front of a size", `${VERSION} 1 00000000000000005 0 0`],
  ["zeros in front of an end", `${VERSION} 1 5 000000000000000000 0`],
  ["zeros in front of a length of pieces", `${VERSION} 1 5 0 000000000`],
  ["a size that no number holds", `${VERSION} 1 9999999999999999 0 1024`],
  ["a length of pieces beyond what is written", `${VERSION} 1 5 0 99999999`],
  ["a value in one piece beyond what is written", `${VERSION} 1 99999999 0 0`],
  ["more bytes than it says", `${VERSION} 1 4 0 0`],
  ["fewer bytes than it says", `${VERSION} 1 6 0 0`],
] as const;

it.each(FOREIGN)("a head with %s holds nothing, and is replaced by a put", async (_, text) => {
  bench = await openBench();
  const store = redisStore(bench.client);
  await bench.other.hset(headOf(), "e", text, "E", "12345");
  await bench.other.hset(`${headOf()}:${VERSION}`, "0", "12345");
  expect([await store.get(NAME), await store.open(NAME), await store.stat(NAME)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  for await (const row of store.list("entries")) expect(row).toBeUndefined();
  expect(await store.put(NAME, sample(9), { ifAbsent: true })).toEqual({ written: true });
  expect(await store.get(NAME)).toEqual(sample(9));
});

it("a server that answers what no server of ours would say is a failure, and no value", async () => {
  bench = await openBench();
  const bytes = (...texts: string[]) => texts.map((text) => Buffer.from(text));
  const answers = [
    bytes("hello"),
    bytes(`${VERSION} 1 4 0 0`, "12345"),
    bytes(`${VERSION} 1 5 0 0`),
    bytes(`${VERSION} 1 9999999999999999 0 1024`),
    bytes(`${VERSION} 1 5 0 1024`, "12345"),
    Buffer.from("hello"),
    7,
    [],
  ];
  for (const answer of answers) {
    const store = redisStore({ send: async () => answer });
    await expect(store.get(NAME)).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    const rows = store.list("entries")[Symbol.asyncIterator]();
    await expect(rows.next()).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
  }
});

it("a server that does not answer in time is a failure, and the caller who gives up is free at once", async () => {
  bench = await openBench();
  await redisStore(bench.client).put(NAME, sample(3));
  await bench.other.call("CLIENT", "PAUSE", "800", "ALL");
  const store = redisStore(bench.client, { timeout: "50ms" });
  await expect(store.get(NAME)).rejects.toMatchObject({
    code: "ERR_CACHE_STORE",
    cause: expect.objectContaining({ message: "no answer within 50 ms" }),
  });
  const controller = new AbortController();
  const reading = redisStore(bench.client).get(NAME, { signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(reading).rejects.toThrow("enough");
  expect(await redisStore(bench.client).get(NAME)).toEqual(sample(3));
});

it.each([
  "ERR The user executing the script can't run this command or subcommand script: 0a, on @user_script:1.",
  "ERR ACL failure in script: User reader has no permissions to run the 'hset' command script: on @user_script:1.",
  "NOPERM this user has no permissions to run the 'evalsha' command",
])("a right that is lacking is said by one word, whatever words the server has: %s", async (message) => {
  const store = redisStore({ send: () => Promise.reject(new Error(message)) });
  await expect(store.put(NAME, sample(3))).rejects.toMatchObject({
    code: "ERR_CACHE_STORE",
    message: expect.stringContaining("(NOPERM)"),
    cause: expect.objectContaining({ message }),
  });
});

it("a listing that a server sends round in circles ends", async () => {
  bench = await openBench();
  const store = redisStore({ send: async () => [Buffer.from("7"), []] });
  const rows = store.list("entries")[Symbol.asyncIterator]();
  await expect(rows.next()).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
});

it("a client that answers text where bytes were asked for is told so", async () => {
  bench = await openBench();
  const { other } = bench;
  const send = ([name = "", ...rest]: readonly (string | Uint8Array)[]) =>
    other.call(String(name), ...rest.map((word) => (typeof word === "string" ? word : Buffer.from(word))));
  await redisStore(fromIoredis(other)).put(NAME, sample(3));
  await expect(redisStore({ send }).get(NAME)).rejects.toMatchObject({
    code: "ERR_CACHE_STORE",
    cause: expect.objectContaining({ message: "the client answered string, expected bytes" }),
  });
});

const REFUSED: readonly (readonly [string, object])[] = [
  ["a prefix with braces", { prefix: "a{b}" }],
  ["a prefix that is no text to the server", { prefix: "a\ud800" }],
  ["a prefix that begins with what a decoder takes away", { prefix: "\ufeffa" }],
  ["pieces of less than 1 KiB", { chunkSize: 1023 }],
  ["pieces of more than 64 MiB", { chunkSize: "65MiB" }],
  ["no time at all", { timeout: 0 }],
  ["an option that does not exist", { expiry: 3 }],
];

it.each(REFUSED)("options with %s are refused", async (_, options) => {
  bench = await openBench();
  expect(() => redisStore(bench.client, options)).toThrow(TypeError);
});

it("what is no client is refused at once, with the function that makes one", async () => {
  bench = await openBench();
  const raw = bench.other as unknown as RedisClient;
  for (const make of [redisStore, redisLeases, redisMonotonicStore]) {
    expect(() => make(raw)).toThrow("fromIoredis");
    expect(() => make(undefined as unknown as RedisClient)).toThrow(TypeError);
  }
  expect(() => fromNodeRedis(bench.other as unknown as Parameters<typeof fromNodeRedis>[0])).toThrow("package redis");
  const notOurs = { sendCommand: async () => null } as unknown as Parameters<typeof fromIoredis>[0];
  expect(() => fromIoredis(notOurs)).toThrow("ioredis");
});
