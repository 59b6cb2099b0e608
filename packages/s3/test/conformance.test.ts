import { failingStoreCases, storeCases } from "@cache/conformance";
import { describe, expect, it } from "vitest";
import { s3Store } from "../src/index.ts";
import { clients, startAny } from "./server.ts";

const DELETE_BESIDE_PUT = "delete: ifVersion never undoes a put at the same time";

const server = await startAny();

for (const [client, bucketOf] of Object.entries(clients)) {
  describe(`a store in a bucket through ${client} keeps the contract of the port`, () => {
    const bucket = bucketOf(server);
    const open = async () => s3Store(bucket, { prefix: `${client.at(-1)}/` });
    for (const each of storeCases) {
      if (each.name === DELETE_BESIDE_PUT && server.lacks.includes("deletes beside puts")) continue;
      it(each.name, () => each.run({ open, reopen: open, persistent: true }));
    }
  });

  describe(`a store whose bucket is gone says so through ${client}`, () => {
    const bucket = bucketOf({ ...server, bucket: "gone" });
    for (const each of failingStoreCases) it(each.name, () => each.run({ open: async () => s3Store(bucket) }));
  });

  if (server.lacks.includes("credentials")) continue;
  describe(`a store that may nothing says so through ${client}`, () => {
    const { accessKeyId } = server.credentials;
    const bucket = bucketOf({ ...server, credentials: { accessKeyId, secretAccessKey: "guessed" } });
    for (const each of failingStoreCases) it(each.name, () => each.run({ open: async () => s3Store(bucket) }));
  });
}

it("the case that not every server passes is one of the contract", () => {
  expect(storeCases.map(({ name }) => name)).toContain(DELETE_BESIDE_PUT);
});
