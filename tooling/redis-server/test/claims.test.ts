import { Redis } from "ioredis";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { startServer } from "../src/index.ts";
import { dataClaims, type Send } from "./claims.ts";
import { scriptClaims } from "./script-claims.ts";

const server = await startServer();
const redis = new Redis(server.port);
const send: Send = (name = "", ...words) => redis.callBuffer(String(name), ...words);
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(() => redis.flushall());

describe(`the ${server.name}`, () => {
  for (const [sentence, holds] of [...dataClaims, ...scriptClaims]) it(sentence, () => holds(send));
});

describe("a server with a password", async () => {
  const locked = await startServer({ password: "right" });
  afterAll(() => locked.stop());
  const connect = (options: object) => {
    const client = new Redis({ port: locked.port, lazyConnect: true, retryStrategy: null, ...options });
    client.on("error", () => undefined);
    return client;
  };

  it.each([2, 3])("answers nobody who does not know it, in version %i of the protocol", async (protocol) => {
    const client = connect({ protocol });
    await expect(client.get("a")).rejects.toThrow(/NOAUTH/);
    client.disconnect();
  });

  it("refuses a wrong one", async () => {
    const client = connect({ password: "wrong" });
    await expect(client.connect()).rejects.toThrow();
    client.disconnect();
  });

  it.each([2, 3])("answers who knows it, in version %i of the protocol", async (protocol) => {
    const client = connect({ password: "right", protocol });
    expect(await client.get("a")).toBeNull();
    client.disconnect();
  });
});

it("an evicting server drops what was used least, to make room", async () => {
  const small = await startServer({ maxmemory: 4 * 1024 * 1024, policy: "allkeys-lru" });
  const client = new Redis(small.port);
  await client.set("first", "1");
  for (let at = 0; at < 400; at++) await client.set(`k${at}`, Buffer.alloc(50_000));
  expect(await client.dbsize()).toBeLessThan(100);
  expect(await client.exists("k399")).toBe(1);
  expect(await client.exists("first")).toBe(0);
  client.disconnect();
  await small.stop();
});

it("a server that was killed is gone, and comes back with what it keeps", async () => {
  for (const appendonly of [true, false]) {
    const one = await startServer({ appendonly });
    const client = new Redis({ port: one.port, maxRetriesPerRequest: 0 });
    client.on("error", () => undefined);
    await client.set("a", "1");
    await one.kill();
    await expect(client.get("a")).rejects.toThrow();
    client.disconnect();
    await one.restart();
    const next = new Redis(one.port);
    expect(await next.get("a")).toBe(appendonly ? "1" : null);
    next.disconnect();
    await one.stop();
  }
});
