import { failingStoreCases, storeCases } from "@cache/conformance";
import { describe, it } from "vitest";
import { s3Store } from "../src/index.ts";
import { clients, startServer } from "./server.ts";

const server = await startServer();

for (const [client, bucketOf] of Object.entries(clients)) {
  describe(`a store in a bucket through ${client} keeps the contract of the port`, () => {
    const bucket = bucketOf(server);
    const open = async () => s3Store(bucket, { prefix: `${client.at(-1)}/` });
    for (const each of storeCases) it(each.name, () => each.run({ open, reopen: open, persistent: true }));
  });

  describe(`a store whose bucket is gone says so through ${client}`, () => {
    const bucket = bucketOf({ ...server, bucket: "gone" });
    for (const each of failingStoreCases) it(each.name, () => each.run({ open: async () => s3Store(bucket) }));
  });

  describe(`a store that may nothing says so through ${client}`, () => {
    const { accessKeyId } = server.credentials;
    const bucket = bucketOf({ ...server, credentials: { accessKeyId, secretAccessKey: "guessed" } });
    for (const each of failingStoreCases) it(each.name, () => each.run({ open: async () => s3Store(bucket) }));
  });
}
