import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { bytesCodec, createCache } from "@cache/core";
import { fromIoredis, redisStore } from "@cache/redis";
import { startReal } from "@cache/redis-server/real";
import { s3Store } from "@cache/s3";
import { awsSdkBucket } from "@cache/s3/aws-sdk";
import { fetchBucket } from "@cache/s3/fetch";
import { Redis } from "ioredis";
import { SLOTS } from "./kinds.mjs";

/** @typedef {import("./subject.mjs").Keeper} Keeper */

/**
 * A service, ways to keep something in it, and what it has been asked so far: requests and bytes, both ways together.
 * @typedef {object} Service
 * @property {Readonly<Record<string, Keeper>>} keepers
 * @property {() => Promise<{ requests: number, bytes: number }>} bill
 * @property {() => Promise<unknown>} end
 */

/** @param {import("@cache/core").Store} store @param {keyof typeof SLOTS} slots @returns {Keeper} */
function over(store, slots) {
  const cache = createCache({ store, ...SLOTS[slots]?.(), codec: bytesCodec, namespace: slots });
  return { put: (key, value) => cache.set(key, value), get: (key) => cache.get(key) };
}

/** @param {string} name @param {import("@cache/core").Store} store @returns {Record<string, Keeper>} */
const kept = (name, store) =>
  Object.fromEntries(["plain", "sealed and signed"].map((slots) => [`${name}, ${slots}`, over(store, slots)]));

/** @returns {Promise<Service | { unavailable: string }>} */
export async function redis() {
  const server = await startReal();
  if ("unavailable" in server) return server;
  const client = new Redis({ host: server.host, port: server.port });
  const through = fromIoredis(client);
  // Counted here: the server counts what its scripts call as well.
  let requests = 0;
  const counted = (/** @type {Promise<unknown>} */ answer) => {
    requests++;
    return answer;
  };
  /** @type {typeof through} */
  const counting = { ...through, send: (command, key) => counted(through.send(command, key)) };
  return {
    keepers: {
      "by hand, ioredis": {
        put: (key, value) => counted(client.set(key, Buffer.from(value))),
        get: (key) => counted(client.getBuffer(key)),
      },
      ...kept("redis store", redisStore(counting)),
    },
    async bill() {
      const told = await client.info("stats");
      const of = (/** @type {string} */ field) => Number(new RegExp(`${field}:(\\d+)`).exec(told)?.[1]);
      const bytes = of("total_net_input_bytes") + of("total_net_output_bytes");
      return { requests, bytes };
    },
    async end() {
      client.disconnect();
      await server.stop();
    },
  };
}

/** @returns {Promise<Service>} */
export async function s3() {
  const child = fork(fileURLToPath(new URL("../programs/s3-server.mjs", import.meta.url)));
  const [{ endpoint, bucket: Bucket, region, credentials }] = await once(child, "message");
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  return {
    keepers: {
      "by hand, SDK": {
        put: (Key, Body) => client.send(new PutObjectCommand({ Bucket, Key, Body })),
        get: async (Key) => (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToByteArray(),
      },
      ...kept("s3 store, SDK", s3Store(awsSdkBucket(client, { bucket: Bucket }))),
      ...kept(
        "s3 store, fetch",
        s3Store(fetchBucket({ endpoint, region, credentials, bucket: Bucket }), { prefix: "fetch/" }),
      ),
    },
    async bill() {
      child.send("");
      const [{ requests, sent, received }] = await once(child, "message");
      return { requests, bytes: sent + received };
    },
    async end() {
      client.destroy();
      child.disconnect();
    },
  };
}
