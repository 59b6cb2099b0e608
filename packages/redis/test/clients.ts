import type { Server } from "@cache/redis-server";
import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis-5";
import { Redis as Valkey } from "iovalkey";
import { createClient } from "redis";
import { createClient as createClient4 } from "redis-4";
import { createClient as createClient5 } from "redis-5";
import { fromIoredis, fromNodeRedis, type RedisClient } from "../src/index.ts";

/** A client as an application has it, for a store. */
export interface Connected {
  readonly client: RedisClient;
  /** Ends it; what is under way fails. */
  close(): void;
}

type Connect = (server: Server) => Promise<Connected>;

/** What a failing connection emits is heard by the command that needed it. */
const quiet = () => undefined;

export const viaIoredis: Connect = async ({ port, password }) => {
  const redis = new Redis({ port, ...(password === undefined ? {} : { password }), maxRetriesPerRequest: 1 });
  redis.on("error", quiet);
  return { client: fromIoredis(redis), close: () => redis.disconnect() };
};

const viaIoredis5: Connect = async ({ port }) => {
  const redis = new Redis5({ port, maxRetriesPerRequest: 1 });
  redis.on("error", quiet);
  return { client: fromIoredis(redis), close: () => redis.disconnect() };
};

const viaIovalkey: Connect = async ({ port }) => {
  const redis = new Valkey({ port, maxRetriesPerRequest: 1 });
  redis.on("error", quiet);
  return { client: fromIoredis(redis), close: () => redis.disconnect() };
};

const viaNodeRedis: Connect = async ({ port, password }) => {
  const redis = createClient({ socket: { port }, ...(password === undefined ? {} : { password }) });
  redis.on("error", quiet);
  await redis.connect();
  return { client: fromNodeRedis(redis), close: () => redis.destroy() };
};

const viaNodeRedis5: Connect = async ({ port }) => {
  const redis = createClient5({ socket: { port } });
  redis.on("error", quiet);
  await redis.connect();
  return { client: fromNodeRedis(redis), close: () => redis.destroy() };
};

const viaNodeRedis4: Connect = async ({ port }) => {
  const redis = createClient4({ socket: { port } });
  redis.on("error", quiet);
  await redis.connect();
  return { client: fromNodeRedis(redis), close: () => void redis.disconnect() };
};

/** The two that everything is tried with. */
export const CLIENTS: readonly (readonly [string, Connect])[] = [
  ["ioredis 6", viaIoredis],
  ["node-redis 6", viaNodeRedis],
];

/** Others, which differ in how they are spoken to. */
export const OTHER_CLIENTS: readonly (readonly [string, Connect])[] = [
  ["ioredis 5", viaIoredis5],
  ["iovalkey", viaIovalkey],
  ["node-redis 5", viaNodeRedis5],
  ["node-redis 4", viaNodeRedis4],
];
