import { S3Client } from "@aws-sdk/client-s3";
import { type Imitation, type Server, startChosen, startImitation } from "@cache/s3-server";
import { afterAll } from "vitest";
import { awsSdkBucket } from "../src/aws-sdk/index.ts";
import { fetchBucket } from "../src/fetch/index.ts";
import type { S3Bucket } from "../src/index.ts";

/** An imitation of S3 that ends with the tests of the file. */
export async function startServer(): Promise<Imitation> {
  const server = await startImitation();
  afterAll(() => server.stop());
  return server;
}

/** A server that ends with the tests of the file: an imitation, or the real one that was chosen. */
export async function startAny(): Promise<Server> {
  const server = await startChosen();
  afterAll(() => server.stop());
  return server;
}

/** Both ways to get at a server's bucket. */
export const clients: Readonly<Record<string, (server: Server) => S3Bucket>> = {
  "the SDK": (server) => {
    const { url: endpoint, region, credentials, bucket } = server;
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    afterAll(() => client.destroy());
    return awsSdkBucket(client, { bucket });
  },
  fetch: (server) => {
    const { url: endpoint, bucket, region, credentials } = server;
    return fetchBucket({ endpoint, bucket, region, credentials });
  },
};
