import type { Store } from "@cache/core";
import { fromIoredis, type RedisClient, redisStore } from "@cache/redis";
import { startServer } from "@cache/redis-server";
import { Redis } from "ioredis";

/** A server, stores on it, and somebody who may do everything with it. */
export interface RedisBench {
  readonly client: RedisClient;
  /** The same to everybody who has the client: another process, or a stranger's cache. */
  store(chunkSize?: number): Store;
  readonly stranger: Redis;
  stop(): Promise<void>;
}

export async function openRedis(): Promise<RedisBench> {
  const server = await startServer();
  const [own, stranger] = [new Redis(server.port), new Redis(server.port)];
  const client = fromIoredis(own);
  return {
    client,
    store: (chunkSize = 4096) => redisStore(client, { chunkSize }),
    stranger,
    async stop() {
      for (const each of [own, stranger]) each.disconnect();
      await server.stop();
    },
  };
}

/** All keys with all that they hold, as a stranger reads them. */
export async function everything(stranger: Redis): Promise<Map<string, Map<string, Buffer>>> {
  const [, keys] = await stranger.scan("0", "COUNT", 1_000_000);
  const held = new Map<string, Map<string, Buffer>>();
  for (const key of keys) {
    const fields = new Map<string, Buffer>();
    const flat = (await stranger.callBuffer("HGETALL", key)) as Buffer[];
    for (let at = 0; at < flat.length; at += 2) fields.set(String(flat[at]), flat[at + 1] ?? Buffer.alloc(0));
    held.set(key, fields);
  }
  return held;
}
