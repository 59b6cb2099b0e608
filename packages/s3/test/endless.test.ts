import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { awsSdkBucket } from "../src/aws-sdk/index.ts";
import { fetchBucket } from "../src/fetch/index.ts";
import { type S3Bucket, s3Store } from "../src/index.ts";
import { listed, name } from "./samples.ts";

const PIECE = Buffer.alloc(65_536, 97);
const MIB = 1024 * 1024;

/** Answers everything with a body that has no end, and counts what was taken of it. */
let sent = 0;
let status = 200;
let headers: Readonly<Record<string, string>> = {};
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(status, headers);
  pour(response);
});

function pour(response: ServerResponse): void {
  while (!response.destroyed) {
    sent += PIECE.length;
    if (response.write(PIECE)) continue;
    response.once("drain", () => pour(response));
    return;
  }
}

const buckets: Record<string, S3Bucket> = {};
beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const common = { endpoint, region: "none", credentials: { accessKeyId: "a", secretAccessKey: "b" } };
  const client = new S3Client({ ...common, forcePathStyle: true, maxAttempts: 1 });
  buckets["the SDK"] = awsSdkBucket(client, { bucket: "bucket" });
  buckets["fetch"] = fetchBucket({ ...common, bucket: "bucket", attempts: 1 });
  afterAll(() => client.destroy());
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  sent = 0;
  headers = { etag: '"1"', "last-modified": new Date().toUTCString() };
});

describe.each(["the SDK", "fetch"])("through %s", (by) => {
  const storeOf = () => s3Store(buckets[by] as S3Bucket, { timeout: "20s" });

  it.each([403, 404, 500])("an answer %d without an end is refused as soon as it is too long", async (refused) => {
    status = refused;
    await expect(storeOf().get(name(1))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    expect(sent).toBeLessThan(32 * MIB);
  });

  it("a listing, and the answer to a copy, without an end are refused as soon as they are too long", async () => {
    status = 200;
    const misunderstood = { code: "ERR_CACHE_STORE", cause: expect.objectContaining({ code: "Misunderstood" }) };
    await expect(listed(storeOf())).rejects.toMatchObject(misunderstood);
    expect(sent).toBeLessThan(32 * MIB);
    sent = 0;
    const signal = new AbortController().signal;
    const copying = buckets[by]?.copyObject({ key: "a", ifMatch: '"1"' }, "b", { signal });
    await expect(copying).rejects.toMatchObject({ code: "Misunderstood" });
    expect(sent).toBeLessThan(32 * MIB);
  });

  it.each(["etag", "last-modified", "content-length"])("an object without %s is let go of", async (missing) => {
    status = 200;
    headers = Object.fromEntries(
      Object.entries({ ...headers, "content-length": "1000000000000" }).filter(([name]) => name !== missing),
    );
    await expectLetGo(by);
  });
});

it("an object that was compressed on its way is let go of", async () => {
  status = 200;
  headers = { ...headers, "content-length": "1000000000000", "content-encoding": "br" };
  await expectLetGo("fetch");
});

/** Reads an object that is refused, and waits until nobody takes more of it. */
async function expectLetGo(by: string): Promise<void> {
  const answered = once(server, "request");
  const cause = expect.objectContaining({ code: "Misunderstood" });
  await expect(s3Store(buckets[by] as S3Bucket).get(name(1))).rejects.toMatchObject({ cause });
  const [, response] = (await answered) as [unknown, ServerResponse];
  if (!response.destroyed) await once(response, "close");
}
