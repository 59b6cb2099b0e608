import { readFileSync } from "node:fs";
import { storeCases } from "@cache/conformance";
import type { Name } from "@cache/core";
import { fromIoredis, fromNodeRedis, type RedisClient, redisStore } from "@cache/redis";
import { startServer } from "@cache/redis-server";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, describe, expect, it } from "vitest";

const NAME: Name = `entries/${"0a".repeat(32)}`;
const server = await startServer();
const admin = new Redis(server.port);
const README = readFileSync(new URL("../../../packages/redis/README.md", import.meta.url), "utf8");
const RULES = README.split("\n").filter((line) => line.startsWith("ACL SETUSER "));
for (const rule of RULES) await admin.call(...(rule.split(" ") as [string, ...string[]]));

const ends: (() => void)[] = [];
afterAll(async () => {
  for (const end of ends) end();
  admin.disconnect();
  await server.stop();
});

async function clientsOf(username: string): Promise<readonly (readonly [string, RedisClient])[]> {
  const redis = new Redis({ port: server.port, username, password: "PASSWORD" });
  const other = createClient({ socket: { port: server.port }, username, password: "PASSWORD" });
  other.on("error", () => undefined);
  await other.connect();
  ends.push(
    () => redis.disconnect(),
    () => other.destroy(),
  );
  return [
    ["ioredis", fromIoredis(redis)],
    ["node-redis", fromNodeRedis(other)],
  ];
}

describe.each(await clientsOf("writer"))("with the rights of the README's writer, through %s", (_, client) => {
  const open = async () => redisStore(client);
  for (const each of storeCases) it(each.name, () => each.run({ open, reopen: open, persistent: true }));

  it("no other keys are written", async () => {
    const store = redisStore(client, { prefix: "others:" });
    await expect(store.put(NAME, Uint8Array.of(1))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
  });
});

it.each(await clientsOf("reader"))(
  "with the rights of the README's reader values are read, listed and not written, through %s",
  async (_, client) => {
    const written = redisStore(fromIoredis(admin), { chunkSize: 1024 });
    const store = redisStore(client, { chunkSize: 1024 });
    for (const bytes of [new Uint8Array(10).fill(3), new Uint8Array(5000).fill(4)]) {
      await written.put(NAME, bytes);
      expect(await store.get(NAME)).toEqual(bytes);
      expect((await store.stat(NAME))?.size).toBe(bytes.length);
      const rows = [];
      for await (const { name } of store.list("entries")) rows.push(name);
      expect(rows).toEqual([NAME]);
      const refused = { code: "ERR_CACHE_STORE", message: expect.stringContaining("NOPERM") };
      await expect(store.put(NAME, new Uint8Array(3))).rejects.toMatchObject(refused);
      await expect(store.put(NAME, new Uint8Array(3000))).rejects.toMatchObject(refused);
      await expect(store.delete(NAME)).rejects.toMatchObject(refused);
      expect(await written.get(NAME)).toEqual(bytes);
    }
  },
);
