import { type S3Bucket, s3Store } from "@cache/s3";
import { fetchBucket } from "@cache/s3/fetch";
import { type Server, startChosen, startImitation } from "@cache/s3-server";
import { afterAll } from "vitest";

export type { Server } from "@cache/s3-server";

const { signal } = new AbortController();
let prefixes = 0;

/** The server that was chosen for this run, or an imitation. It ends with the tests of the file. */
export async function startServer(): Promise<Server> {
  const server = await startChosen();
  afterAll(() => server.stop());
  return server;
}

/** An imitation, for faults that no real server has on demand. */
export async function startImitated(): Promise<Awaited<ReturnType<typeof startImitation>>> {
  const server = await startImitation();
  afterAll(() => server.stop());
  return server;
}

/** The bucket of a server. */
function bucketOf({ url: endpoint, bucket, region, credentials }: Server): S3Bucket {
  return fetchBucket({ endpoint, bucket, region, credentials });
}

/** A store under a prefix of its own, and all that who owns the bucket can do with what is under it. */
export function newStore(server: Server) {
  const bucket = bucketOf(server);
  const prefix = `integration/${Date.now()}-${++prefixes}/`;
  const keys = async (): Promise<string[]> => {
    const { rows } = await bucket.listObjects({ prefix, signal });
    return rows.map(({ key }) => key);
  };
  const read = async (key: string): Promise<Uint8Array> => {
    const { body } = await bucket.getObject(key, { signal });
    const pieces: Uint8Array[] = [];
    for (let each = await body.next(); each.done !== true; each = await body.next()) pieces.push(each.value);
    return Buffer.concat(pieces);
  };
  const write = (key: string, bytes: Uint8Array): Promise<void> => bucket.putObject(key, bytes, { signal });
  return { store: s3Store(bucket, { prefix }), prefix, keys, read, write };
}
