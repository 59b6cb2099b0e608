import { S3Client } from "@aws-sdk/client-s3";
import { type Imitation, type Server, startImitation, startReal } from "@cache/s3-server";
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

/** The real server that the environment names in `S3_SERVER`, `ceph` or `moto`; an imitation when it names none. */
export async function startNamed(): Promise<Server> {
  const { S3_SERVER: named, S3_CHROOT: directory } = process.env;
  if (named === undefined) return startServer();
  const server = await startReal({ server: named as "ceph" | "moto", directory });
  if ("unavailable" in server) throw new Error(server.unavailable);
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
