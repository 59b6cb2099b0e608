import { chaos, storeCases } from "@cache/conformance";
import { createCache, type Store, split, tiered } from "@cache/core";
import { Keyring, MasterKey, SigningKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { fromIoredis, redisStore } from "@cache/redis";
import { startServer } from "@cache/redis-server";
import { ed25519Signer } from "@cache/signer";
import { Redis } from "ioredis";
import { afterAll, describe, expect, it } from "vitest";

const server = await startServer();
const redis = new Redis(server.port);
const client = fromIoredis(redis);
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const near = memoryStore({ maxBytes: 64_000_000 });
const keyring = Keyring.of(MasterKey.generate());
const identity = SigningKey.generate();

/** Stores of which one is a Redis. */
const COMPOSED: Readonly<Record<string, () => Store>> = {
  "a Redis": () => redisStore(client),
  "a memory before a Redis": () => tiered(near, { store: redisStore(client), required: true }),
  "two Redis, one for content": () =>
    split({ blobs: redisStore(client), entries: redisStore(client, { prefix: "entries:" }) }),
};

describe.each(Object.entries(COMPOSED))("%s", (_, make) => {
  const open = async () => make();
  for (const each of storeCases) it(each.name, () => each.run({ open, reopen: open, persistent: true }));

  it.each([1, 2, 3])("chaos above it: nothing wrong comes back, and the cache recovers (seed %i)", async (seed) => {
    await redis.flushall();
    const slots = { seal: sealer(keyring), sign: ed25519Signer({ identity }) };
    const over = (store: Store) => createCache({ store, namespace: `builds-${seed}`, ...slots });
    const report = await chaos(over, make(), { seed, operations: 400 });
    expect(report.answers).toBeGreaterThan(20);
  });
});
