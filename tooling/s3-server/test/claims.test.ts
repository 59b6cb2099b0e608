import { startChosen } from "@cache/s3-server";
import { afterAll, describe, expect, it } from "vitest";
import { type Asked, ask, uploaded } from "./asking.ts";

/** What a server of S3 says: of the imitation in every run of the tests, of a real one where it was chosen. */
const server = await startChosen();
afterAll(() => server.stop());

/** moto does not look at the condition of a copy nor at its range, and fails at an upload that was aborted. */
const careful = server.lacks.includes("rare refusals") ? doNotRun : it;

/** What a server is known not to keep is left out, not skipped: what is skipped counts as a failure against a real one. */
function doNotRun(_title: string, _tests: () => unknown): void {
  // Nothing.
}

const run = Math.random().toString(36).slice(2);
let count = 0;
const newKey = () => `claims/${run}/${++count}`;
const to = (method: string, key: string, asked?: Asked) => ask(server, method, key, asked);

async function newObject(body = "0123456789") {
  const key = newKey();
  const { headers } = await to("PUT", key, { body });
  return { key, etag: headers.get("etag") as string };
}

const PART = new Uint8Array(5 * 1024 * 1024);
const LAST = Uint8Array.of(1, 2, 3);

describe(`${server.name}: conditions`, () => {
  it("PUT If-None-Match: * answers 412 when the key is there, and 200 when it is not", async () => {
    const { key } = await newObject();
    const headers = { "if-none-match": "*" };
    expect(await to("PUT", key, { headers, body: "x" })).toMatchObject({ status: 412, code: "PreconditionFailed" });
    expect((await to("GET", key)).text).toBe("0123456789");
    expect((await to("PUT", newKey(), { headers, body: "x" })).status).toBe(200);
  });

  it("of twelve such PUTs at once one is answered 200", async () => {
    const key = newKey();
    const headers = { "if-none-match": "*" };
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, body) => to("PUT", key, { headers, body: String(body) })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await to("GET", key)).text).toBe(String(answers.findIndex(({ status }) => status === 200)));
  });

  it("PUT If-Match answers 412 for another ETag, and 200 for this one", async () => {
    const { key, etag } = await newObject();
    expect((await to("PUT", key, { headers: { "if-match": '"0"' }, body: "x" })).status).toBe(412);
    expect((await to("PUT", key, { headers: { "if-match": etag }, body: "y" })).status).toBe(200);
  });

  it("DELETE If-Match answers 412 for another ETag, and 204 for this one", async () => {
    const { key, etag } = await newObject();
    expect(await to("DELETE", key, { headers: { "if-match": '"0"' } })).toMatchObject({ status: 412 });
    expect((await to("GET", key)).status).toBe(200);
    expect((await to("DELETE", key, { headers: { "if-match": etag } })).status).toBe(204);
    expect((await to("GET", key)).status).toBe(404);
  });

  it("DELETE of what is absent answers 204", async () => {
    expect((await to("DELETE", newKey())).status).toBe(204);
  });

  it("GET If-Match answers 412, and If-None-Match 304", async () => {
    const { key, etag } = await newObject();
    expect((await to("GET", key, { headers: { "if-match": '"0"' } })).status).toBe(412);
    expect((await to("GET", key, { headers: { "if-match": etag } })).status).toBe(200);
    expect((await to("GET", key, { headers: { "if-none-match": etag } })).status).toBe(304);
  });

  careful("a copy of another version than the one asked for is refused with 412", async () => {
    const { key, etag } = await newObject();
    const copy = newKey();
    const source = { "x-amz-copy-source": `/${server.bucket}/${key}` };
    const wrong = { ...source, "x-amz-copy-source-if-match": '"0"' };
    expect((await to("PUT", copy, { headers: wrong })).status).toBe(412);
    expect((await to("PUT", copy, { headers: { ...source, "x-amz-copy-source-if-match": etag } })).status).toBe(200);
    expect((await to("GET", copy)).text).toBe("0123456789");
  });
});

describe(`${server.name}: reading`, () => {
  it.each([
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=0-0", 206, "0", "bytes 0-0/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=7-100", 206, "789", "bytes 7-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
  ])("GET with the range %s answers %i", async (range, status, text, contentRange) => {
    const { key } = await newObject();
    const answer = await to("GET", key, { headers: { range } });
    expect([answer.status, answer.text, answer.headers.get("content-range")]).toEqual([status, text, contentRange]);
  });

  it("GET with a range beyond the end, or of nothing, answers 416", async () => {
    const [{ key }, { key: empty }] = [await newObject(), await newObject("")];
    const wrong = { status: 416, code: "InvalidRange" };
    expect(await to("GET", key, { headers: { range: "bytes=10-20" } })).toMatchObject(wrong);
    expect(await to("GET", empty, { headers: { range: "bytes=0-15" } })).toMatchObject(wrong);
  });

  it("GET says whether the key or the bucket is absent", async () => {
    expect(await to("GET", newKey())).toMatchObject({ status: 404, code: "NoSuchKey" });
    const bucket = "there-is-no-such-bucket";
    expect(await to("GET", newKey(), { bucket })).toMatchObject({ status: 404, code: "NoSuchBucket" });
    expect(await to("PUT", newKey(), { bucket, body: "x" })).toMatchObject({ status: 404, code: "NoSuchBucket" });
  });

  it("the same content has the same ETag, and a PUT changes Last-Modified at most by the clock", async () => {
    const [one, two] = [await newObject("same"), await newObject("same")];
    expect(one.etag).toBe(two.etag);
    const { headers } = await to("GET", one.key);
    expect(headers.get("etag")).toBe(one.etag);
    expect(Math.abs(Date.parse(headers.get("last-modified") ?? "") - Date.now())).toBeLessThan(60_000);
  });
});

describe(`${server.name}: uploads in parts`, () => {
  it("make one object, whose ETag tells their number", async () => {
    const key = newKey();
    expect((await uploaded(server, key, [PART, LAST])).status).toBe(200);
    const { headers } = await to("GET", key, { headers: { range: "bytes=-4" } });
    expect(headers.get("content-range")).toBe(`bytes ${PART.length - 1}-${PART.length + 2}/${PART.length + 3}`);
    expect(headers.get("etag")).toMatch(/^"[0-9a-f]{32}-2"$/);
  });

  it("with If-None-Match: * answer 412 when the key is there", async () => {
    const { key } = await newObject();
    const answer = await uploaded(server, key, [LAST], { headers: { "if-none-match": "*" } });
    expect(answer).toMatchObject({ status: 412, code: "PreconditionFailed" });
    expect((await to("GET", key)).text).toBe("0123456789");
  });

  it("refuse a part under 5 MiB that is not the last", async () => {
    expect(await uploaded(server, newKey(), [LAST, LAST])).toMatchObject({ status: 400, code: "EntityTooSmall" });
  });

  it("refuse a part with another ETag", async () => {
    const change = (list: string[]) => list.map((part) => part.replace(/"[0-9a-f]{4}/, '"0000'));
    expect(await uploaded(server, newKey(), [LAST], { change })).toMatchObject({ status: 400, code: "InvalidPart" });
  });

  careful("end with an abort, after which nobody knows them", async () => {
    const key = newKey();
    const { id } = await uploaded(server, key, [LAST, LAST]);
    const query = { uploadId: id };
    expect((await to("DELETE", key, { query })).status).toBe(204);
    const again = await to("PUT", key, { query: { ...query, partNumber: "1" }, body: "x" });
    expect(again).toMatchObject({ status: 404, code: "NoSuchUpload" });
    expect((await to("GET", key)).status).toBe(404);
  });

  careful("take copies of a range of another object, and none beyond its end", async () => {
    const [{ key: source }, key] = [await newObject(), newKey()];
    const begun = await to("POST", key, { query: { uploads: "" } });
    const uploadId = /<UploadId>([^<]+)</.exec(begun.text)?.[1] ?? "";
    const copied = (range: string) =>
      to("PUT", key, {
        query: { uploadId, partNumber: "1" },
        headers: { "x-amz-copy-source": `/${server.bucket}/${source}`, "x-amz-copy-source-range": range },
      });
    expect((await copied("bytes=5-20")).status).toBeGreaterThanOrEqual(400);
    const { text } = await copied("bytes=3-5");
    const etag = /<ETag>(.*)<\/ETag>/.exec(text)?.[1];
    const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
    expect((await to("POST", key, { query: { uploadId }, body })).status).toBe(200);
    expect((await to("GET", key)).text).toBe("345");
  });
});

describe(`${server.name}: listings`, () => {
  it("come in pages, in the order of UTF-8, encoded when asked", async () => {
    const prefix = `${newKey()}/`;
    const keys = ["a", "a b", "a+b", "aé", "b/c", "z\u{1f600}", "z\uffff"].map((name) => prefix + name);
    await Promise.all(keys.map((key) => to("PUT", key, { body: "x" })));
    const found: string[] = [];
    let token: string | undefined;
    let pages = 0;
    do {
      const more = token === undefined ? {} : { "continuation-token": token };
      const query = { "list-type": "2", "encoding-type": "url", "max-keys": "3", prefix, ...more };
      const { text } = await to("GET", "", { query });
      found.push(...[...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => decoded(key)));
      token = /<NextContinuationToken>([^<]+)</.exec(text)?.[1];
      pages++;
    } while (token !== undefined && pages < 10);
    const order = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([found, pages]).toEqual([order, 3]);
  });
});

function decoded(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}

const signed = server.lacks.includes("credentials") ? doNotRun : describe;
signed(`${server.name}: signatures`, () => {
  it("a wrong secret, an unknown name and no signature at all are refused with 403", async () => {
    const { key } = await newObject();
    const { accessKeyId, secretAccessKey } = server.credentials;
    const wrong = { ...server, credentials: { accessKeyId, secretAccessKey: "wrong" } };
    const unknown = { ...server, credentials: { accessKeyId: "AKNOBODY", secretAccessKey } };
    expect(await ask(wrong, "GET", key)).toMatchObject({ status: 403, code: "SignatureDoesNotMatch" });
    expect(await ask(unknown, "GET", key)).toMatchObject({ status: 403, code: "InvalidAccessKeyId" });
    const tamper = (headers: Headers) => headers.delete("authorization");
    expect(await to("GET", key, { tamper })).toMatchObject({ status: 403, code: "AccessDenied" });
  });

  it("a content-type that was not signed is refused with 403", async () => {
    const tamper = (headers: Headers) => headers.set("content-type", "text/plain");
    expect((await to("PUT", newKey(), { body: "x", tamper })).status).toBe(403);
  });

  it("a request from another time is refused with 403", async () => {
    const headers = { "x-amz-date": "20200101T000000Z" };
    const tamper = (sent: Headers) => sent.set("x-amz-date", "20200101T000000Z");
    expect((await to("GET", newKey(), { headers, tamper })).status).toBe(403);
  });

  it("content that is not the one that was signed is refused with 400", async () => {
    const headers = { "x-amz-content-sha256": "0".repeat(64) };
    const key = newKey();
    expect((await to("PUT", key, { headers, body: "x" })).status).toBe(400);
    expect((await to("GET", key)).status).toBe(404);
  });
});

describe(`${server.name}: the rest`, () => {
  it("content in chunks with a checksum behind them is stored without either", async () => {
    const key = newKey();
    const headers = {
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "content-encoding": "aws-chunked",
      "x-amz-decoded-content-length": "9",
      "x-amz-trailer": "x-amz-checksum-crc32",
    };
    const body = "5\r\n12345\r\n4\r\n6789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n";
    expect((await to("PUT", key, { headers, body })).status).toBe(200);
    expect((await to("GET", key)).text).toBe("123456789");
  });
});

const strict = server.name === "imitation" ? describe : doNotRun;
strict("as S3 documents it, though neither Ceph nor moto does it", () => {
  it("parts out of their order are refused", async () => {
    const reversed = await uploaded(server, newKey(), [PART, LAST], { change: (list) => list.reverse() });
    expect(reversed).toMatchObject({ status: 400, code: "InvalidPartOrder" });
  });

  it("a method that there is not is refused with 405", async () => {
    expect(await to("POST", newKey(), { body: "x" })).toMatchObject({ status: 405, code: "MethodNotAllowed" });
  });
});
