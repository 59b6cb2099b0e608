import { storeCases } from "@cache/conformance";
import type { Name } from "@cache/core";
import { fromIoredis, fromNodeRedis, redisStore } from "@cache/redis";
import { startRealCluster } from "@cache/redis-server";
import { Cluster } from "ioredis";
import { createCluster } from "redis";
import { afterAll, describe, expect, it } from "vitest";

const { servers, stop } = await startRealCluster(3);
const ioredis = new Cluster(servers.map(({ host, port }) => ({ host, port })));
const nodeRedis = createCluster({ rootNodes: servers.map(({ port }) => ({ socket: { port } })) });
nodeRedis.on("error", () => undefined);
await nodeRedis.connect();
afterAll(async () => {
  ioredis.disconnect();
  nodeRedis.destroy();
  await stop();
});

const CLIENTS = [
  ["ioredis", fromIoredis(ioredis)],
  ["node-redis", fromNodeRedis(nodeRedis)],
] as const;

describe.each(CLIENTS)("a store in a real cluster keeps the contract of the port, through %s", (_, client) => {
  const open = async () => redisStore(client);
  for (const each of storeCases) it(each.name, () => each.run({ open, reopen: open, persistent: true }));
});

it.each(CLIENTS)("names of all servers of a cluster are listed once each, through %s", async (which, client) => {
  const store = redisStore(client, { prefix: `${which}:` });
  const names = Array.from({ length: 90 }, (_, at): Name => `blobs/${at.toString(16).padStart(64, "0")}`);
  for (const name of names) await store.put(name, Uint8Array.of(1));
  const listed: Name[] = [];
  for await (const { name } of store.list("blobs")) listed.push(name);
  expect(listed.sort()).toEqual(names);
});
