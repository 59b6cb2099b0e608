import type { Name } from "@cache/core";
import { expect, it } from "vitest";
import { templateStore } from "../src/index.ts";
import { connect, startService } from "./service.ts";

const NAME: Name = `blobs/${"0a".repeat(32)}`;

it("two prefixes in one service are two stores", async () => {
  const client = connect(startService());
  await templateStore(client, { prefix: "a/" }).put(NAME, Uint8Array.of(1));
  expect(await templateStore(client, { prefix: "b/" }).get(NAME)).toBeUndefined();
  expect(await templateStore(client, { prefix: "a/" }).get(NAME)).toEqual(Uint8Array.of(1));
});

it("list: keys of others that begin like ours are not listed", async () => {
  const client = connect(startService());
  const store = templateStore(client);
  await store.put(NAME, Uint8Array.of(1));
  await client.set("cache/blobs/notes", Uint8Array.of(1), { ifAbsent: false });
  const names = [];
  for await (const { name } of store.list("blobs")) names.push(name);
  expect(names).toEqual([NAME]);
});

it("get with a limit: a value that grew after its size was asked for is refused too", async () => {
  const service = startService();
  const client = connect(service);
  await templateStore(client).put(NAME, new Uint8Array(10));
  const growing = {
    ...client,
    async head(key: string) {
      const row = await client.head(key);
      await client.set(key, new Uint8Array(1000), { ifAbsent: false });
      return row;
    },
  };
  const reading = templateStore(growing).get(NAME, { limit: 10 });
  await expect(reading).rejects.toMatchObject({ code: "ERR_CACHE_LIMIT" });
});
