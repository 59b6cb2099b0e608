import { contentOf } from "./body.mjs";
import { Failure } from "./failure.mjs";
import { listObjects, listUploads } from "./listing.mjs";
import { checkMatch } from "./objects.mjs";
import { rangeOf } from "./range.mjs";
import { joined } from "./uploads.mjs";
import { document, partsIn } from "./xml.mjs";

/**
 * @typedef {object} Asked
 * @property {import("node:http").IncomingMessage} request
 * @property {string} bucket
 * @property {string} key
 * @property {URLSearchParams} query
 * @property {import("./objects.mjs").Objects} objects
 * @property {import("./uploads.mjs").Uploads} uploads
 */

/** @typedef {{ status?: number, headers?: Record<string, string | number>, body?: string | Buffer }} Answer */

/** @typedef {keyof typeof OPERATIONS} Operation */

/**
 * The operation a request asks for.
 * @param {string | undefined} method
 * @param {string} key - empty for the bucket
 * @param {URLSearchParams} query
 * @param {import("node:http").IncomingHttpHeaders} headers
 * @returns {Operation}
 */
export function operationOf(method, key, query, headers) {
  const part = query.has("partNumber") && query.has("uploadId");
  const copied = headers["x-amz-copy-source"] !== undefined;
  const known = /** @type {Record<string, Operation | undefined>} */ (
    key === ""
      ? { GET: query.has("uploads") ? "ListMultipartUploads" : "ListObjectsV2", HEAD: "HeadBucket" }
      : {
          GET: "GetObject",
          HEAD: "HeadObject",
          PUT: part ? (copied ? "UploadPartCopy" : "UploadPart") : copied ? "CopyObject" : "PutObject",
          POST: query.has("uploads")
            ? "CreateMultipartUpload"
            : query.has("uploadId")
              ? "CompleteMultipartUpload"
              : undefined,
          DELETE: query.has("uploadId") ? "AbortMultipartUpload" : "DeleteObject",
        }
  );
  const operation = known[method ?? ""];
  if (operation === undefined) throw new Failure("MethodNotAllowed");
  return operation;
}

/** What the server does for each operation. */
export const OPERATIONS = {
  HeadBucket: () => /** @type {Answer} */ ({}),

  /** @param {Asked} asked */
  ListObjectsV2: ({ objects, bucket, query }) => ({ body: listObjects(objects, bucket, query) }),

  /** @param {Asked} asked */
  ListMultipartUploads: ({ uploads, bucket, query }) => ({ body: listUploads(uploads, bucket, query) }),

  /** @param {Asked} asked */
  GetObject: (asked) => read(asked),

  /** @param {Asked} asked */
  HeadObject: (asked) => read(asked),

  /** @param {Asked} asked */
  async PutObject({ request, key, objects }) {
    const conditions = conditionsOf(request.headers);
    const { etag } = objects.put(key, await contentOf(request), conditions);
    return { headers: { etag: `"${etag}"` } };
  },

  /** @param {Asked} asked */
  async DeleteObject({ request, key, objects }) {
    objects.delete(key, { ifMatch: request.headers["if-match"] });
    return { status: 204 };
  },

  /** @param {Asked} asked */
  async CopyObject(asked) {
    const { content } = sourceOf(asked);
    const { etag, modified } = asked.objects.put(asked.key, content, {});
    const tree = { LastModified: new Date(modified).toISOString(), ETag: `"${etag}"` };
    return { body: document("CopyObjectResult", tree) };
  },

  /** @param {Asked} asked */
  CreateMultipartUpload: ({ uploads, bucket, key }) => ({
    body: document("InitiateMultipartUploadResult", { Bucket: bucket, Key: key, UploadId: uploads.begin(key) }),
  }),

  /** @param {Asked} asked */
  async UploadPart({ request, uploads, key, query }) {
    const upload = uploads.find(key, query.get("uploadId") ?? "");
    const etag = uploads.take(upload, Number(query.get("partNumber")), await contentOf(request));
    return { headers: { etag: `"${etag}"` } };
  },

  /** @param {Asked} asked */
  async UploadPartCopy(asked) {
    const { uploads, key, query, request } = asked;
    const upload = uploads.find(key, query.get("uploadId") ?? "");
    const { content } = sourceOf(asked);
    const header = request.headers["x-amz-copy-source-range"];
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(String(header ?? `bytes=0-${content.length - 1}`)) ?? [];
    if (first === undefined || Number(last) >= content.length) throw new Failure("InvalidArgument");
    const part = content.subarray(Number(first), Number(last) + 1);
    const etag = uploads.take(upload, Number(query.get("partNumber")), part);
    const tree = { LastModified: new Date().toISOString(), ETag: `"${etag}"` };
    return { body: document("CopyPartResult", tree) };
  },

  /** @param {Asked} asked */
  async CompleteMultipartUpload({ request, objects, uploads, bucket, key, query }) {
    const named = partsIn(String(await contentOf(request)));
    const upload = uploads.find(key, query.get("uploadId") ?? "");
    if (named === undefined) throw new Failure("MalformedXML");
    const { content, etag } = joined(upload, named);
    objects.put(key, content, conditionsOf(request.headers), etag);
    uploads.end(upload);
    return { body: document("CompleteMultipartUploadResult", { Bucket: bucket, Key: key, ETag: `"${etag}"` }) };
  },

  /** @param {Asked} asked */
  AbortMultipartUpload({ uploads, key, query }) {
    uploads.end(uploads.find(key, query.get("uploadId") ?? ""));
    return { status: 204 };
  },
};

/**
 * @param {Asked} asked
 * @returns {Answer}
 */
function read({ request: { headers }, key, objects }) {
  const stored = objects.find(key);
  checkMatch(stored, headers["if-match"]);
  const common = {
    etag: `"${stored.etag}"`,
    "last-modified": new Date(stored.modified).toUTCString(),
    "accept-ranges": "bytes",
    "content-type": "binary/octet-stream",
  };
  if (headers["if-none-match"]?.replaceAll('"', "") === stored.etag) return { status: 304, headers: common };
  const size = stored.content.length;
  const range = rangeOf(headers.range, size);
  if (range === undefined) return { headers: common, body: stored.content };
  const { start, end } = range;
  const part = { ...common, "content-range": `bytes ${start}-${end - 1}/${size}` };
  return { status: 206, headers: part, body: stored.content.subarray(start, end) };
}

/** @param {Asked} asked */
function sourceOf({ request: { headers }, bucket, objects }) {
  const source = decodeURIComponent(String(headers["x-amz-copy-source"])).replace(/^\//, "");
  if (!source.startsWith(`${bucket}/`)) throw new Failure("NoSuchBucket");
  const stored = objects.find(source.slice(bucket.length + 1));
  const ifMatch = headers["x-amz-copy-source-if-match"];
  checkMatch(stored, ifMatch === undefined ? undefined : String(ifMatch));
  return stored;
}

/** @param {import("node:http").IncomingHttpHeaders} headers */
function conditionsOf(headers) {
  return { ifNoneMatch: headers["if-none-match"], ifMatch: headers["if-match"] };
}
