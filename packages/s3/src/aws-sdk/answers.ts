import type {
  GetObjectCommandOutput,
  ListMultipartUploadsCommandOutput,
  ListObjectsV2CommandOutput,
} from "@aws-sdk/client-s3";
import type { S3Body, S3Listed, S3ListedUpload, S3Object, S3Page } from "../bucket.ts";
import { S3Failure } from "../failure.ts";

/** The answer to `GetObject`. */
export function objectOf({ ETag, LastModified, ContentLength, ContentRange, Body }: GetObjectCommandOutput): S3Object {
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(ContentRange ?? "") ?? [];
  const size = total === undefined ? ContentLength : Number(total);
  const body = bodyOf(Body);
  if (ETag === undefined || LastModified === undefined || size === undefined || !Number.isSafeInteger(size)) {
    body.return().catch(() => undefined);
    throw new S3Failure("Misunderstood", "GetObject failed: the answer lacks ETag, Last-Modified or a length");
  }
  return { etag: ETag, size, modified: LastModified.getTime(), start: Number(from ?? 0), body };
}

/** The SDK gives a stream of Node, or of the web. */
function bodyOf(body: GetObjectCommandOutput["Body"]): S3Body {
  if (body === undefined)
    return { next: async () => ({ done: true, value: undefined }), return: async () => undefined };
  if ("getReader" in body) return fromReader((body as unknown as ReadableStream<Uint8Array>).getReader());
  const stream = body as unknown as AsyncIterable<Uint8Array> & { destroy(): void };
  const pieces = stream[Symbol.asyncIterator]();
  // A stream's own `return` does nothing before the first `next`.
  return { next: () => pieces.next(), return: async () => stream.destroy() };
}

function fromReader(reader: ReadableStreamDefaultReader<Uint8Array>): S3Body {
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    return: () => reader.cancel(),
  };
}

/** A page of `ListObjectsV2`. */
export function pageOf(answer: ListObjectsV2CommandOutput): S3Page<S3Listed> {
  const rows = (answer.Contents ?? []).map(({ Key = "", Size = 0, LastModified }) => ({
    key: decoded(Key, answer.EncodingType),
    size: Size,
    modified: LastModified?.getTime() ?? 0,
  }));
  return { rows, token: answer.IsTruncated === true ? tokenOf(answer.NextContinuationToken) : undefined };
}

/** A page of `ListMultipartUploads`; its token is both markers. */
export function uploadsOf(answer: ListMultipartUploadsCommandOutput): S3Page<S3ListedUpload> {
  const rows = (answer.Uploads ?? []).map(({ Key = "", UploadId = "", Initiated }) => ({
    key: decoded(Key, answer.EncodingType),
    id: UploadId,
    initiated: Initiated?.getTime() ?? 0,
  }));
  if (answer.IsTruncated !== true) return { rows, token: undefined };
  const marker = decoded(tokenOf(answer.NextKeyMarker), answer.EncodingType);
  return { rows, token: JSON.stringify([marker, answer.NextUploadIdMarker ?? ""]) };
}

/** A listing that goes on without saying where is not at its end. */
function tokenOf(token: string | undefined): string {
  if (token === undefined || token === "") throw new S3Failure("Misunderstood", "a listing goes on without a token");
  return token;
}

function decoded(key: string, encoding: string | undefined): string {
  if (encoding !== "url") return key;
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    // Whatever it is, it is none of ours.
    return key;
  }
}
