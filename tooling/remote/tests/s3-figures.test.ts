import { appendFileSync } from "node:fs";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { Draft, Name, Store } from "@cache/core";
import { checkBucket, s3Store } from "@cache/s3";
import { awsSdkBucket } from "@cache/s3/aws-sdk";
import { fetchBucket } from "@cache/s3/fetch";
import { startChosen } from "@cache/s3-server";
import { afterAll, expect, it } from "vitest";

const KIB = 1024;
const MIB = 1024 * KIB;
const server = await startChosen();
const { url: endpoint, region, credentials, bucket: Bucket } = server;
const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
const buckets = {
  "through the SDK": awsSdkBucket(client, { bucket: Bucket }),
  "through fetch": fetchBucket({ endpoint, region, credentials, bucket: Bucket }),
};
afterAll(async () => {
  client.destroy();
  await server.stop();
});

const nameAt = (at: number): Name => `blobs/${at.toString(16).padStart(64, "0")}`;

/** One line for the report of `npm run test:remote`. */
function figure(line: string): void {
  if (process.env.REMOTE_FIGURES !== undefined) appendFileSync(process.env.REMOTE_FIGURES, `${line}\n`);
}

/** Milliseconds for one call, one after the other. */
async function each(count: number, call: (at: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (let at = 0; at < count; at++) await call(at);
  return (performance.now() - began) / count;
}

/** The same client used by hand, which keeps no promise of a store. */
const byHand: Pick<Store, "put" | "get"> = {
  async put(Key, Body) {
    await client.send(new PutObjectCommand({ Bucket, Key, Body }));
    return { written: true };
  },
  async get(Key) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return Body?.transformToByteArray();
  },
};

it("what the server keeps of what a store asks of it", async () => {
  const report = await checkBucket(buckets["through fetch"]);
  figure(`checkBucket: ${JSON.stringify(report)}`);
  expect(report.deleteRace).toBe(!server.lacks.includes("deletes beside puts"));
  expect({ ...report, deleteRace: true, sound: true }).toEqual(
    Object.fromEntries(Object.keys(report).map((promise) => [promise, true])),
  );
});

it.each([
  [1, 100],
  [64, 100],
  [1024, 20],
])("values of %i KiB, %i times, beside the SDK used by hand", async (size, count) => {
  const bytes = new Uint8Array(size * KIB).fill(7);
  const stores = Object.entries(buckets).map(([words, bucket]) => [words, s3Store(bucket)] as const);
  const times: string[] = [];
  for (const [words, one] of [["by hand", byHand] as const, ...stores]) {
    await each(5, (at) => one.put(nameAt(at), bytes));
    const put = await each(count, (at) => one.put(nameAt(at), bytes));
    const get = await each(count, (at) => one.get(nameAt(at % 5)));
    times.push(`${words} put ${put.toFixed(2)} ms, get ${get.toFixed(2)} ms`);
    expect((await one.get(nameAt(0)))?.length).toBe(bytes.length);
  }
  figure(`${size} KiB: ${times.join("; ")}`);
});

it("a stream of 256 MiB, in the memory of a few parts", async () => {
  const length = 256 * MIB;
  const piece = new Uint8Array(MIB).fill(3);
  let most = 0;
  async function* body(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < length; at += piece.length) {
      yield piece;
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }
  }
  const store = s3Store(buckets["through the SDK"]);
  const draft: Draft = {
    headLength: 274,
    body: body(),
    finish: () => ({ name: nameAt(77), head: new Uint8Array(274) }),
  };
  const before = process.memoryUsage().arrayBuffers;
  const began = performance.now();
  await store.putStream(draft);
  const wrote = performance.now() - began;
  let read = 0;
  for await (const each of (await store.open(nameAt(77))) ?? []) read += each.length;
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
  const took = seconds(performance.now() - began - wrote);
  figure(
    `stream of 256 MiB: written in ${seconds(wrote)} s, read in ${took} s, buffers ${Math.round((most - before) / MIB)} MiB`,
  );
  expect(read).toBe(length + 274);
  // Four parts of 8 MiB, and as much again that waits to be collected or lies with the client.
  expect(most - before).toBeLessThan(length / 2);
});

it("the server killed in the middle of writing: what was acknowledged is there, where the server keeps anything", async () => {
  const store = s3Store(buckets["through fetch"], { prefix: "killed/" });
  const kept: Name[] = [];
  let refused = 0;
  const put = async (at: number): Promise<void> => {
    try {
      await store.put(nameAt(at), new Uint8Array(5000).fill(at));
      kept.push(nameAt(at));
    } catch (error) {
      refused++;
      expect(error).toMatchObject({ code: "ERR_CACHE_STORE" });
    }
  };
  const writing = (async () => {
    for (let at = 0; at < 200; at += 4) await Promise.all([0, 1, 2, 3].map((more) => put(at + more)));
  })();
  while (kept.length < 20) await new Promise((resolve) => setTimeout(resolve, 5));
  const before = [...kept];
  await server.kill();
  await server.restart();
  await writing;
  figure(`killed in the middle: ${kept.length} acknowledged, ${refused} refused`);
  const expected = server.keeps ? kept : kept.slice(before.length + 8);
  for (const name of expected) {
    const value = await store.get(name);
    expect(value?.length).toBe(5000);
    expect(value?.every((byte) => byte === (Number.parseInt(name.slice(-8), 16) & 0xff))).toBe(true);
  }
});
