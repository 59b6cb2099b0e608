import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { type AwsSdkClient, awsSdkBucket } from "../src/aws-sdk/index.ts";
import { fetchBucket } from "../src/fetch/index.ts";
import { type S3Body, type S3Bucket, S3Failure, type S3Object, s3Store, sweepTemporary } from "../src/index.ts";
import { listed, name } from "./samples.ts";

/** A bucket that answers as a test likes, and knows how many bodies were not given back. */
function answering(object: (range: { start: number } | undefined) => Partial<S3Object>, piece: number, most = 1e9) {
  let given = 0;
  let held = 0;
  const body = (): S3Body => {
    held++;
    let open = true;
    return {
      async next() {
        if (!open || given >= most) return { done: true, value: undefined };
        given += piece;
        return { done: false, value: new Uint8Array(piece) };
      },
      async return() {
        if (open) held--;
        open = false;
        release();
      },
    };
  };
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const bucket = {
    getObject: async (_key: string, { range }: { range?: { start: number } }) => ({
      etag: '"1"',
      size: 1000,
      modified: 0,
      start: range?.start ?? 0,
      body: body(),
      ...object(range),
    }),
  } as unknown as S3Bucket;
  return { bucket, released, given: () => given, held: () => held };
}

describe("a server that does not keep to the protocol", () => {
  it("a value longer than the limit is refused before a byte of it is taken", async () => {
    const server = answering(() => ({ size: 1e12 }), 65_536);
    await expect(s3Store(server.bucket).get(name(1), { limit: 1e9 })).rejects.toMatchObject({
      code: "ERR_CACHE_LIMIT",
    });
    expect([server.given(), server.held()]).toEqual([0, 0]);
  });

  it("more than was announced is refused", async () => {
    const server = answering(() => ({ size: 500 }), 100);
    await expect(s3Store(server.bucket).get(name(1), { limit: 1000 })).rejects.toMatchObject({
      code: "ERR_CACHE_STORE",
      message: expect.stringContaining("more"),
    });
    expect(server.given()).toBeLessThan(1000);
    expect(server.held()).toBe(0);
  });

  it("less than was announced is refused, after a few questions", async () => {
    const server = answering(() => ({ size: 5000 }), 100, 300);
    await expect(s3Store(server.bucket).get(name(1))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    expect(server.held()).toBe(0);
  });

  it("another range than the one asked for is refused", async () => {
    const server = answering(() => ({ start: 700 }), 100);
    const content = (await s3Store(server.bucket).open(name(1), { start: 50 })) as AsyncIterable<Uint8Array>;
    await expect(content[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    expect(server.held()).toBe(0);
  });

  it("the whole instead of a range is cut to the range", async () => {
    const server = answering(() => ({ start: 0 }), 1000);
    const pieces: number[] = [];
    for await (const piece of (await s3Store(server.bucket).open(name(1), { start: 50, end: 70 })) ?? []) {
      pieces.push(piece.length);
    }
    expect([pieces, server.held()]).toEqual([[20], 0]);
  });

  it("another version on reading on is refused", async () => {
    let answers = 0;
    const server = answering(() => ({ etag: `"${++answers}"` }), 100, 300);
    const content = s3Store(server.bucket).get(name(1));
    await expect(content).rejects.toMatchObject({ code: "ERR_CACHE_STORE", message: expect.stringContaining("again") });
    expect(server.held()).toBe(0);
  });

  it("an object too short to be of the store is an empty value", async () => {
    for (const size of [0, 1, 15, 16]) {
      const store = s3Store(answering(() => ({ size }), Math.max(1, size), size).bucket);
      expect(await store.get(name(1))).toEqual(new Uint8Array(0));
      expect((await store.stat(name(1)))?.size).toBe(0);
    }
  });

  it("an iteration that nobody begins gives its connection back", async () => {
    const server = answering(() => ({}), 100);
    await s3Store(server.bucket, { timeout: 300 }).open(name(1));
    await server.released;
    expect(server.held()).toBe(0);
  });

  it("an iteration that is left before it began, or early, gives its connection back", async () => {
    const server = answering(() => ({}), 100);
    const store = s3Store(server.bucket);
    const unread = (await store.open(name(1))) as AsyncIterable<Uint8Array>;
    await unread[Symbol.asyncIterator]().return?.();
    expect(server.held()).toBe(0);
    for await (const _ of (await store.open(name(1))) ?? []) break;
    expect(server.held()).toBe(0);
  });

  it("who pauses for longer than the timeout reads on by another connection", async () => {
    const server = answering(() => ({}), 100, 1000);
    const content = (await s3Store(server.bucket, { timeout: 300 }).open(name(1))) as AsyncIterable<Uint8Array>;
    let length = 0;
    for await (const piece of content) {
      length += piece.length;
      await server.released;
    }
    expect([length, server.held()]).toEqual([984, 0]);
  });

  it.each([
    ["without end", () => ({ rows: [], token: String(Math.random()) })],
    ["in a circle", () => ({ rows: [], token: "again" })],
    ["out of order", () => ({ rows: [2, 1].map((n) => ({ key: `cache/v1/${name(n)}`, size: 20, modified: 0 })) })],
  ])("a listing %s is refused", async (_, listObjects) => {
    const pages = async () => ({ token: undefined, ...listObjects() });
    const bucket = { ...answering(() => ({}), 1).bucket, listObjects: pages } as unknown as S3Bucket;
    await expect(listed(s3Store(bucket))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
  });

  it("a sweep that gets pages without an end is refused", async () => {
    const listObjects = async () => ({ rows: [], token: String(Math.random()) });
    const bucket = { ...answering(() => ({}), 1).bucket, listObjects } as unknown as S3Bucket;
    await expect(sweepTemporary(bucket, { olderThan: "1h" })).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
  });

  it("no condition is met by a version that no value has", async () => {
    let deleted = 0;
    const deleteObject = async () => {
      deleted += 1;
    };
    const bucket = { ...answering(() => ({}), 1).bucket, deleteObject } as unknown as S3Bucket;
    await s3Store(bucket).delete(name(1), { ifVersion: "" });
    await s3Store(bucket).delete(name(1), { ifVersion: "", quarantine: true });
    expect(deleted).toBe(0);
  });

  it("a 404 that does not say that the key is absent is no absence", async () => {
    for (const code of ["NoSuchBucket", "HTTP 404", "NotFound", "NoSuchUpload"]) {
      const fail = () => Promise.reject(new S3Failure(code, "gone", { status: 404, attempts: 1 }));
      const bucket = { getObject: fail, deleteObject: fail } as unknown as S3Bucket;
      for (const call of ["get", "open", "stat", "delete"] as const) {
        await expect(s3Store(bucket)[call](name(1))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
      }
    }
  });
});

it("a server that failed is not one that said a key is absent, whatever word it used", async () => {
  for (const status of [500, 503, 403]) {
    const fail = () => Promise.reject(new S3Failure("NoSuchKey", "gone", { status, attempts: 1 }));
    const bucket = { getObject: fail, deleteObject: fail } as unknown as S3Bucket;
    for (const call of ["get", "open", "stat", "delete"] as const) {
      await expect(s3Store(bucket)[call](name(1))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    }
  }
});

it("a server that drips keeps a reader for two timeouts, and not for one with each connection it breaks", async () => {
  const body: S3Body = {
    next: () => new Promise((resolve) => setTimeout(resolve, 20, { done: false, value: new Uint8Array(1) })),
    return: async () => undefined,
  };
  const object = { etag: '"1"', size: 1000, modified: 0, body };
  let questions = 0;
  const getObject = async (_: string, { range }: { range?: { start: number } }) => {
    questions += 1;
    return { ...object, start: range?.start ?? 0 };
  };
  await expect(s3Store({ getObject } as unknown as S3Bucket, { timeout: 200 }).get(name(1))).rejects.toMatchObject({
    code: "ERR_CACHE_STORE",
    cause: expect.objectContaining({ name: "TimeoutError" }),
  });
  expect(questions).toBe(2);
});

describe("a server that is not there", () => {
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const common = { endpoint: "http://127.0.0.1:9", region: "none", credentials };

  it("is named by the code of the system, through both clients", async () => {
    const client = new S3Client({ ...common, maxAttempts: 1 });
    await expect(s3Store(awsSdkBucket(client, { bucket: "bucket" })).get(name(1))).rejects.toMatchObject({
      code: "ERR_CACHE_STORE",
      message: expect.stringContaining("(ECONNREFUSED)"),
    });
    client.destroy();
    const bucket = fetchBucket({ ...common, bucket: "bucket", attempts: 1, fetch: refusing });
    await expect(s3Store(bucket).get(name(1))).rejects.toMatchObject({
      code: "ERR_CACHE_STORE",
      cause: expect.objectContaining({ message: "GetObject failed: no answer (ECONNREFUSED)" }),
    });
  });

  const refusing = () => Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }));

  it("is not sought for longer than a timer lasts, nor in a way that there is none of", () => {
    for (const wrong of [{ timeout: "30d" as const }, { addressing: "virtual" as "host" }]) {
      expect(() => fetchBucket({ ...common, ...wrong, bucket: "bucket" })).toThrow(TypeError);
    }
  });

  it("is asked for no compressed object, and none is taken for an object", async () => {
    let asked: string | null = null;
    const headers = { etag: '"1"', "last-modified": new Date().toUTCString(), "content-length": "20" };
    const zipping = async (_: unknown, init?: RequestInit) => {
      asked = new Headers(init?.headers).get("accept-encoding");
      return new Response(new Uint8Array(100), { headers: { ...headers, "content-encoding": "gzip" } });
    };
    const bucket = fetchBucket({ ...common, bucket: "bucket", fetch: zipping as typeof fetch });
    await expect(s3Store(bucket).get(name(1))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
    expect(asked).toBe("identity");
  });

  it.each(["localhost:5000", "ftp://localhost", "s3://bucket"])("an endpoint %s is refused", (endpoint) => {
    expect(() => fetchBucket({ ...common, endpoint, bucket: "bucket" })).toThrow(TypeError);
  });
});

describe("s3Store refuses", () => {
  const { bucket } = answering(() => ({}), 1);
  it.each(["/cache/", "a//b/", "../", "a/../b", "./", "é/", "a b", "a?b"])("the prefix %j", (prefix) => {
    expect(() => s3Store(bucket, { prefix })).toThrow(TypeError);
  });

  it("what is no bucket, and says what one is made by", () => {
    for (const other of [undefined, {}, { send: async () => ({}) }]) {
      expect(() => s3Store(other as unknown as S3Bucket)).toThrow("awsSdkBucket");
    }
    expect(() => awsSdkBucket({} as AwsSdkClient, { bucket: "bucket" })).toThrow("S3Client");
  });

  it.each([{ partSize: "4MiB" }, { partSize: "6GiB" }, { timeout: 0 }, { timeout: "30d" }, { bucket: "b" }])(
    "%j",
    (options) => {
      expect(() => s3Store(bucket, options)).toThrow(TypeError);
    },
  );
});
