import { failingMonotonicStoreCases, monotonicStoreCases } from "@cache/conformance";
import { startServer } from "@cache/redis-server";
import { afterAll, describe, it } from "vitest";
import { redisMonotonicStore } from "../src/index.ts";
import { viaIoredis } from "./clients.ts";

const server = await startServer();
const { client, close } = await viaIoredis(server);
afterAll(async () => {
  close();
  await server.stop();
});

describe("what was seen, in Redis, keeps the contract of the port", () => {
  const open = () => redisMonotonicStore(client);
  for (const each of monotonicStoreCases) it(each.name, () => each.run({ open, reopen: open }));
});

describe("what was seen, in a Redis that cannot be reached, says so", () => {
  const open = () => redisMonotonicStore({ send: () => Promise.reject(new Error("connection refused")) });
  for (const each of failingMonotonicStoreCases) it(each.name, () => each.run({ open }));
});
