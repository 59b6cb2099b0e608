/**
 * A store for `@cache/core` in Redis or Valkey, through a client you already have.
 * @packageDocumentation
 */
export type { RedisArgument, RedisClient, RedisNode } from "./clients/client.ts";
export { fromIoredis, type IoredisClusterLike, type IoredisLike } from "./clients/ioredis.ts";
export { fromNodeRedis, type NodeRedisClusterLike, type NodeRedisLike } from "./clients/node-redis.ts";
export { type RedisLeasesOptions, redisLeases } from "./leases.ts";
export { type RedisMonotonicStoreOptions, redisMonotonicStore } from "./monotonic-store.ts";
export type { RedisStoreOptions } from "./options.ts";
export { redisStore } from "./redis-store.ts";
