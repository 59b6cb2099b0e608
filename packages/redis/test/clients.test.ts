import type { Name } from "@cache/core";
import { collect } from "@cache/core/bytes";
import { startServer } from "@cache/redis-server";
import { Redis } from "ioredis";
import { afterAll, describe, expect, it } from "vitest";
import { fromIoredis, redisStore } from "../src/index.ts";
import { OTHER_CLIENTS } from "./clients.ts";

const NAME: Name = `blobs/${"0a".repeat(32)}`;
const ANY = Uint8Array.from({ length: 5000 }, (_, at) => at % 256);

const server = await startServer();
afterAll(() => server.stop());

describe.each(OTHER_CLIENTS)("through %s", (_, connect) => {
  it("values of one piece and of many come back, are listed and go", async () => {
    const { client, close } = await connect(server);
    const store = redisStore(client, { chunkSize: 1024 });
    for (const bytes of [ANY.subarray(0, 300), ANY]) {
      expect(await store.put(NAME, bytes)).toEqual({ written: true });
      expect(await store.put(NAME, bytes, { ifAbsent: true })).toEqual({ written: false });
      expect(await store.get(NAME)).toEqual(new Uint8Array(bytes));
      const pieces = await store.open(NAME);
      expect(pieces && (await collect(pieces))).toEqual(new Uint8Array(bytes));
      expect(await namesIn(store)).toEqual([NAME]);
      await store.delete(NAME);
      expect(await store.get(NAME)).toBeUndefined();
    }
    close();
  });
});

async function namesIn(store: ReturnType<typeof redisStore>): Promise<Name[]> {
  const names: Name[] = [];
  for await (const { name } of store.list("blobs")) names.push(name);
  return names;
}

it("a client of ioredis that puts a prefix of its own before keys is refused: it would do so with some only", () => {
  const redis = new Redis({ lazyConnect: true, keyPrefix: "app:" });
  expect(() => fromIoredis(redis)).toThrow(TypeError);
});
