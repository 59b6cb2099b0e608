import { checkOptions, type Duration } from "@cache/core/adapter";
import { utf8 } from "@cache/core/bytes";
import { timeoutOf } from "../asking/timeout.ts";
import type { S3Bucket, S3Part, S3Range } from "../bucket.ts";
import { documentIn, needed, objectIn, objectsIn, textIn, uploadsIn } from "./answers.ts";
import type { Line, Sending } from "./attempt.ts";
import { checked, type S3CredentialsSource, Wallet } from "./credentials.ts";
import { refusalOf } from "./refusal.ts";
import { send } from "./sender.ts";
import type { Element } from "./xml.ts";

/** A bucket, and how it is spoken to. */
export interface FetchBucketOptions {
  /** Where the service is, without the bucket: `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly bucket: string;
  /** As the service calls it; `auto` where it has none. */
  readonly region: string;
  readonly credentials: S3CredentialsSource;
  /**
   * Where the bucket stands in an address: `https://endpoint/bucket/key` or `https://bucket.endpoint/key`.
   * @defaultValue `"path"`
   */
  readonly addressing?: "path" | "host" | undefined;
  /**
   * Most times that a request is sent, when the server is busy (429, 5xx, `SlowDown`) or cannot be reached; in between is
   * a random wait that grows.
   * @defaultValue 5
   */
  readonly attempts?: number | undefined;
  /**
   * Longest wait for the answer to one attempt.
   * @defaultValue `"20s"`
   */
  readonly timeout?: Duration | undefined;
  /** @defaultValue the global one */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const OPTIONS = [
  "endpoint",
  "bucket",
  "region",
  "credentials",
  "addressing",
  "attempts",
  "timeout",
  "fetch",
] as const satisfies readonly (keyof FetchBucketOptions)[];

/**
 * A bucket through `fetch`, for wherever that is: requests are signed (Signature Version 4), their content with them.
 * @throws TypeError for options that cannot be used
 */
export function fetchBucket(options: FetchBucketOptions): S3Bucket {
  const line = lineOf(options);
  const document = (sending: Sending): Promise<Element> =>
    send(line, sending, async (response) => {
      const text = await textIn(response);
      const refusal = refusalOf(text, response.status);
      if (refusal !== undefined) throw refusal;
      return documentIn(text);
    });
  const nothing = (sending: Sending): Promise<void> =>
    send(line, sending, async (response) => void (await textIn(response)));
  return {
    getObject: (key, { range, ifMatch, signal }) =>
      send(line, { ...get("GetObject", key, signal), headers: { ...rangeOf(range), ...match(ifMatch) } }, objectIn),
    putObject: (key, body, { ifAbsent, signal }) =>
      nothing({ operation: "PutObject", method: "PUT", key, headers: absent(ifAbsent), body, signal }),
    deleteObject: (key, { ifMatch, signal }) =>
      nothing({ operation: "DeleteObject", method: "DELETE", key, headers: match(ifMatch), signal }),
    async copyObject(from, key, { signal }) {
      const headers = { ...sourceOf(options.bucket, from.key), "x-amz-copy-source-if-match": from.ifMatch };
      await document({ operation: "CopyObject", method: "PUT", key, headers, signal });
    },
    async listObjects({ prefix, token, signal }) {
      const query = { "list-type": "2", "encoding-type": "url", prefix, ...given("continuation-token", token) };
      return objectsIn(await document({ ...get("ListObjectsV2", "", signal), query }));
    },
    async listMultipartUploads({ prefix, token, signal }) {
      const [marker, id] = token === undefined ? [] : (JSON.parse(token) as string[]);
      const markers = { ...given("key-marker", marker), ...given("upload-id-marker", id) };
      const query = { uploads: "", "encoding-type": "url", prefix, ...markers };
      return uploadsIn(await document({ ...get("ListMultipartUploads", "", signal), query }));
    },
    async createMultipartUpload(key, { signal }) {
      const query = { uploads: "" };
      const root = await document({ operation: "CreateMultipartUpload", method: "POST", key, query, signal });
      return { key, id: needed(root, "UploadId") };
    },
    uploadPart: ({ key, id }, number, body, { signal }) =>
      send(line, { operation: "UploadPart", method: "PUT", key, query: partOf(id, number), body, signal }, etagIn),
    async uploadPartCopy({ key, id }, number, from, { signal }) {
      const headers = {
        ...sourceOf(options.bucket, from.key),
        "x-amz-copy-source-range": `bytes=${from.start}-${from.end - 1}`,
      };
      const query = partOf(id, number);
      return needed(
        await document({ operation: "UploadPartCopy", method: "PUT", key, query, headers, signal }),
        "ETag",
      );
    },
    async completeMultipartUpload({ key, id }, parts, { ifAbsent, signal }) {
      const common = { operation: "CompleteMultipartUpload", method: "POST", key, query: { uploadId: id } };
      await document({ ...common, headers: absent(ifAbsent), body: listOf(parts), signal });
    },
    abortMultipartUpload: ({ key, id }, { signal }) =>
      nothing({ operation: "AbortMultipartUpload", method: "DELETE", key, query: { uploadId: id }, signal }),
  };
}

function lineOf(options: FetchBucketOptions): Line {
  checkOptions("fetchBucket", options, OPTIONS);
  const { endpoint, bucket, region, credentials, addressing = "path", attempts = 5, timeout = "20s" } = options;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]+$/.test(bucket)) throw new TypeError("bucket is the name of a bucket");
  if (typeof region !== "string" || region === "") throw new TypeError("region is a text that is not empty");
  if (!Number.isSafeInteger(attempts) || attempts < 1) throw new TypeError("attempts is a whole number above zero");
  if (addressing !== "path" && addressing !== "host") throw new TypeError('addressing is "path" or "host"');
  if (typeof credentials !== "function") checked(credentials);
  const base = new URL(endpoint);
  if (!/^https?:$/.test(base.protocol))
    throw new TypeError("endpoint is an address that begins with https:// or http://");
  const path = base.pathname.replace(/\/$/, "");
  const host = addressing === "host";
  return {
    urlOf: (key) =>
      new URL(`${base.protocol}//${host ? `${bucket}.` : ""}${base.host}${path}/${host ? "" : `${bucket}/`}${key}`),
    region,
    wallet: new Wallet(credentials),
    // Some runtimes want the global fetch called as a function of theirs.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    attempts,
    timeout: timeoutOf(timeout),
  };
}

function get(operation: string, key: string, signal: AbortSignal): Sending {
  return { operation, method: "GET", key, signal };
}

function given(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}

function match(etag: string | undefined): Record<string, string> {
  return given("if-match", etag);
}

function absent(ifAbsent: boolean | undefined): Record<string, string> {
  return ifAbsent === true ? { "if-none-match": "*" } : {};
}

function rangeOf(range: S3Range | undefined): Record<string, string> {
  return given("range", range && `bytes=${range.start}-${range.end === undefined ? "" : range.end - 1}`);
}

function sourceOf(bucket: string, key: string): Record<string, string> {
  return { "x-amz-copy-source": `/${bucket}/${key}` };
}

function partOf(id: string, number: number): Record<string, string> {
  return { partNumber: String(number), uploadId: id };
}

async function etagIn(response: Response): Promise<string> {
  await textIn(response);
  return response.headers.get("etag") ?? "";
}

function listOf(parts: readonly S3Part[]): Uint8Array {
  const list = parts.map(
    ({ number, etag }) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>${etag.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</ETag></Part>`,
  );
  const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
  return utf8(`<CompleteMultipartUpload xmlns="${namespace}">${list.join("")}</CompleteMultipartUpload>`);
}
