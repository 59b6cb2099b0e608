import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { checkOptions } from "@cache/core/adapter";
import type { S3Bucket, S3Range } from "../bucket.ts";
import { objectOf, pageOf, uploadsOf } from "./answers.ts";
import { bounded } from "./bounded.ts";
import { failureOf } from "./failures.ts";

/** Which bucket a client is used for. */
export interface AwsSdkBucketOptions {
  readonly bucket: string;
}

/** The part of an `S3Client` that is used; of whatever release yours is. */
export interface AwsSdkClient {
  /** Sends a command of the SDK, and resolves with its output. */
  send(command: never, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

/**
 * A bucket through the client of the AWS SDK: your own, with its region, credentials and retries.
 * @param handed - an `S3Client` of `@aws-sdk/client-s3`, made by you and destroyed by you
 * @param options - which bucket
 * @throws TypeError for what is no client, and options that are none
 */
export function awsSdkBucket(handed: AwsSdkClient, options: AwsSdkBucketOptions): S3Bucket {
  checkOptions("awsSdkBucket", options, ["bucket"]);
  if (typeof handed?.send !== "function") throw new TypeError("awsSdkBucket takes an S3Client of @aws-sdk/client-s3");
  const client = handed as unknown as S3Client;
  const { bucket: Bucket } = options;
  if (typeof Bucket !== "string" || Bucket === "") throw new TypeError("bucket is the name of a bucket");
  /** Sends a command, and gives failures the shape that the store knows. */
  const asked = async <T>(operation: string, command: object, send: () => Promise<T>): Promise<T> => {
    try {
      return await bounded(command, operation === "GetObject", send);
    } catch (error) {
      throw failureOf(operation, error);
    }
  };
  return {
    async getObject(Key, { range, ifMatch: IfMatch, signal }) {
      const command = new GetObjectCommand({ Bucket, Key, Range: rangeOf(range), IfMatch });
      return objectOf(await asked("GetObject", command, () => client.send(command, { abortSignal: signal })));
    },
    async putObject(Key, Body, { ifAbsent, signal }) {
      const command = new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch: absent(ifAbsent) });
      await asked("PutObject", command, () => client.send(command, { abortSignal: signal }));
    },
    async deleteObject(Key, { ifMatch: IfMatch, signal }) {
      const command = new DeleteObjectCommand({ Bucket, Key, IfMatch });
      await asked("DeleteObject", command, () => client.send(command, { abortSignal: signal }));
    },
    async copyObject({ key, ifMatch: CopySourceIfMatch }, Key, { signal }) {
      const command = new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${key}`, CopySourceIfMatch });
      await asked("CopyObject", command, () => client.send(command, { abortSignal: signal }));
    },
    async listObjects({ prefix: Prefix, token: ContinuationToken, signal }) {
      const command = new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken, EncodingType: "url" });
      return pageOf(await asked("ListObjectsV2", command, () => client.send(command, { abortSignal: signal })));
    },
    async listMultipartUploads({ prefix: Prefix, token, signal }) {
      const [KeyMarker, UploadIdMarker] = token === undefined ? [] : (JSON.parse(token) as string[]);
      const input = { Bucket, Prefix, KeyMarker, UploadIdMarker, EncodingType: "url" } as const;
      const command = new ListMultipartUploadsCommand(input);
      return uploadsOf(
        await asked("ListMultipartUploads", command, () => client.send(command, { abortSignal: signal })),
      );
    },
    async createMultipartUpload(Key, { signal }) {
      const command = new CreateMultipartUploadCommand({ Bucket, Key });
      const { UploadId } = await asked("CreateMultipartUpload", command, () =>
        client.send(command, { abortSignal: signal }),
      );
      return { key: Key, id: UploadId ?? "" };
    },
    async uploadPart({ key: Key, id: UploadId }, PartNumber, Body, { signal }) {
      const command = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body });
      return (await asked("UploadPart", command, () => client.send(command, { abortSignal: signal }))).ETag ?? "";
    },
    async uploadPartCopy({ key: Key, id: UploadId }, PartNumber, { key, start, end }, { signal }) {
      const source = { CopySource: `${Bucket}/${key}`, CopySourceRange: `bytes=${start}-${end - 1}` };
      const command = new UploadPartCopyCommand({ Bucket, Key, UploadId, PartNumber, ...source });
      const answer = await asked("UploadPartCopy", command, () => client.send(command, { abortSignal: signal }));
      return answer.CopyPartResult?.ETag ?? "";
    },
    async completeMultipartUpload({ key: Key, id: UploadId }, parts, { ifAbsent, signal }) {
      const Parts = parts.map(({ number: PartNumber, etag: ETag }) => ({ PartNumber, ETag }));
      const input = { Bucket, Key, UploadId, MultipartUpload: { Parts }, IfNoneMatch: absent(ifAbsent) };
      const command = new CompleteMultipartUploadCommand(input);
      await asked("CompleteMultipartUpload", command, () => client.send(command, { abortSignal: signal }));
    },
    async abortMultipartUpload({ key: Key, id: UploadId }, { signal }) {
      const command = new AbortMultipartUploadCommand({ Bucket, Key, UploadId });
      await asked("AbortMultipartUpload", command, () => client.send(command, { abortSignal: signal }));
    },
  };
}

function absent(ifAbsent: boolean | undefined): "*" | undefined {
  return ifAbsent === true ? "*" : undefined;
}

function rangeOf(range: S3Range | undefined): string | undefined {
  return range && `bytes=${range.start}-${range.end === undefined ? "" : range.end - 1}`;
}
