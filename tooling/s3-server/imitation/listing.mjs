import { Failure } from "./failure.mjs";
import { placeAfter } from "./order.mjs";
import { document } from "./xml.mjs";

/** Most keys of a page. */
const PAGE = 1000;

/**
 * A page of `ListObjectsV2`.
 * @param {import("./objects.mjs").Objects} objects
 * @param {string} bucket
 * @param {URLSearchParams} query
 */
export function listObjects(objects, bucket, query) {
  const prefix = query.get("prefix") ?? "";
  const most = Math.min(Number(query.get("max-keys") ?? PAGE), PAGE);
  const after = afterOf(query);
  const keys = objects.keys();
  let at = after === undefined || after < prefix ? placeAfter(keys, prefix) : placeAfter(keys, after);
  if ((after === undefined || after < prefix) && keys[at - 1] === prefix) at--;
  const named = keys.slice(at, at + most).filter((key) => key.startsWith(prefix));
  const truncated = named.length === most && (keys[at + most]?.startsWith(prefix) ?? false);
  const encoded = query.get("encoding-type") === "url";
  return document("ListBucketResult", {
    Name: bucket,
    Prefix: encoded ? inUrl(prefix) : prefix,
    KeyCount: named.length,
    MaxKeys: most,
    EncodingType: encoded ? "url" : undefined,
    IsTruncated: truncated,
    NextContinuationToken: truncated ? Buffer.from(named.at(-1) ?? "").toString("base64url") : undefined,
    Contents: named.map((key) => {
      const { content, etag, modified } = objects.find(key);
      return {
        Key: encoded ? inUrl(key) : key,
        LastModified: new Date(modified).toISOString(),
        ETag: `"${etag}"`,
        Size: content.length,
        StorageClass: "STANDARD",
      };
    }),
  });
}

/**
 * A page of `ListMultipartUploads`.
 * @param {import("./uploads.mjs").Uploads} uploads
 * @param {string} bucket
 * @param {URLSearchParams} query
 */
export function listUploads(uploads, bucket, query) {
  const prefix = query.get("prefix") ?? "";
  const [keyMarker, idMarker] = [query.get("key-marker") ?? "", query.get("upload-id-marker") ?? ""];
  const most = Math.min(Number(query.get("max-uploads") ?? PAGE), PAGE);
  const all = uploads.all().filter(({ key }) => key.startsWith(prefix) && key >= keyMarker);
  const from = all.findIndex(({ key, id }) => key > keyMarker || id === idMarker);
  const rest = from < 0 ? [] : all.slice(all[from]?.id === idMarker ? from + 1 : from);
  const named = rest.slice(0, most);
  const truncated = rest.length > most;
  return document("ListMultipartUploadsResult", {
    Bucket: bucket,
    IsTruncated: truncated,
    NextKeyMarker: truncated ? named.at(-1)?.key : undefined,
    NextUploadIdMarker: truncated ? named.at(-1)?.id : undefined,
    Upload: named.map(({ key, id, initiated }) => ({
      Key: query.get("encoding-type") === "url" ? inUrl(key) : key,
      UploadId: id,
      Initiated: new Date(initiated).toISOString(),
    })),
  });
}

/** @param {URLSearchParams} query */
function afterOf(query) {
  const token = query.get("continuation-token");
  if (token === null) return query.get("start-after") ?? undefined;
  const key = Buffer.from(token, "base64url").toString();
  if (Buffer.from(key).toString("base64url") !== token) throw new Failure("InvalidArgument");
  return key;
}

/** @param {string} key */
function inUrl(key) {
  return encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+");
}
