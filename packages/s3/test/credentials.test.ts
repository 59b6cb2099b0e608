import { startImitation } from "@cache/s3-server";
import { expect, it, onTestFinished } from "vitest";
import { fetchBucket, type S3Credentials } from "../src/fetch/index.ts";
import { s3Store } from "../src/index.ts";
import { bytes, name } from "./samples.ts";

async function temporary() {
  const server = await startImitation({ sessionToken: true });
  onTestFinished(() => server.stop());
  return server;
}

it("credentials that ended are asked for again, once for all who wait", async () => {
  const server = await temporary();
  let asked = 0;
  const credentials = async (): Promise<S3Credentials> => {
    asked++;
    return server.credentials;
  };
  const { url: endpoint, bucket, region } = server;
  const store = s3Store(fetchBucket({ endpoint, bucket, region, credentials }));
  await store.put(name(1), bytes(10));
  expect(asked).toBe(1);
  server.expire();
  const names = Array.from({ length: 20 }, (_, n) => name(n + 2));
  await Promise.all(names.map((at) => store.put(at, bytes(10))));
  expect(asked).toBe(2);
  for (const at of names) expect(await store.get(at)).toEqual(bytes(10));
});

it("credentials that ended, and do not come anew, are a failure and no miss", async () => {
  const server = await temporary();
  const { url: endpoint, bucket, region, credentials } = server;
  const fixed = s3Store(fetchBucket({ endpoint, bucket, region, credentials }));
  const stale = s3Store(fetchBucket({ endpoint, bucket, region, credentials: () => credentials }));
  await fixed.put(name(1), bytes(10));
  server.expire();
  for (const store of [fixed, stale]) {
    const failed = { code: "ERR_CACHE_STORE", cause: { code: "ExpiredToken" } };
    await expect(store.get(name(1))).rejects.toMatchObject(failed);
    await expect(store.put(name(2), bytes(10))).rejects.toMatchObject(failed);
  }
});

it("a source of credentials that fails is asked again by the next request", async () => {
  const server = await temporary();
  const { url: endpoint, bucket, region } = server;
  let asked = 0;
  const credentials = () => (++asked === 1 ? Promise.reject(new Error("no metadata service")) : server.credentials);
  const store = s3Store(fetchBucket({ endpoint, bucket, region, credentials }));
  await expect(store.get(name(1))).rejects.toMatchObject({ code: "ERR_CACHE_STORE" });
  expect(await store.get(name(1))).toBeUndefined();
});

it("no error of a refused request holds a secret", async () => {
  const server = await temporary();
  const { url: endpoint, bucket, region, credentials } = server;
  const wrong = { ...credentials, secretAccessKey: "a-secret-that-is-wrong" };
  const store = s3Store(fetchBucket({ endpoint, bucket, region, credentials: wrong }));
  const error = await store.get(name(1)).catch((reason) => reason);
  const shown = [error, error.cause].map((each) => `${each.message} ${each.stack} ${JSON.stringify(each)}`).join();
  expect(error.message).toContain("(SignatureDoesNotMatch)");
  for (const secret of [wrong.secretAccessKey, credentials.sessionToken as string]) expect(shown).not.toContain(secret);
});

it.each([
  [{ bucket: "" }, "bucket"],
  [{ region: "" }, "region"],
  [{ attempts: 0 }, "attempts"],
  [{ credentials: { accessKeyId: "a", secretAccessKey: "" } }, "secretAccessKey"],
  [{ retries: 3 }, "retries"],
])("fetchBucket refuses %j", (wrong, named) => {
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const right = { endpoint: "https://s3.example.com", bucket: "b1", region: "auto", credentials };
  expect(() => fetchBucket({ ...right, ...wrong })).toThrow(TypeError);
  expect(() => fetchBucket({ ...right, ...wrong })).toThrow(named);
});

it("a bucket stands in the path or in the host of an address", async () => {
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    asked.push(String(input));
    return new Response("<Error><Code>NoSuchKey</Code></Error>", { status: 404 });
  };
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  for (const addressing of ["path", "host"] as const) {
    const endpoint = "https://s3.example.com/";
    const bucket = fetchBucket({ endpoint, bucket: "mine", region: "auto", credentials, addressing, fetch });
    expect(await s3Store(bucket).get(name(1))).toBeUndefined();
  }
  expect(asked).toEqual([
    `https://s3.example.com/mine/cache/v1/${name(1)}`,
    `https://mine.s3.example.com/cache/v1/${name(1)}`,
  ]);
});
