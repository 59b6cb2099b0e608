/** Common to every request. */
export interface S3Request {
  /** Ends the request as soon as it is aborted. A body that has begun is ended by its `return`. */
  readonly signal: AbortSignal;
}

/** Offsets into an object, `start <= offset < end`; without `end` to its end. */
export interface S3Range {
  readonly start: number;
  readonly end?: number | undefined;
}

/** For a `GetObject`. */
export interface S3GetRequest extends S3Request {
  readonly range?: S3Range | undefined;
  /** An ETag as it came; another one rejects with `PreconditionFailed`. */
  readonly ifMatch?: string | undefined;
}

/** An answer to `GetObject`. */
export interface S3Object {
  /** As the server gave it, quotes and all. */
  readonly etag: string;
  /** Length of the whole object in bytes, whatever the range. */
  readonly size: number;
  /** Milliseconds since 1970 UTC. */
  readonly modified: number;
  /** Offset of the first byte of `body` in the object: that of the range, or 0 from a server that does not know ranges. */
  readonly start: number;
  /** The bytes, in pieces that nobody writes to afterwards. `return` gives the connection back. */
  readonly body: S3Body;
}

/** Bytes that are on their way. */
export interface S3Body {
  /** The next piece. */
  next(): Promise<IteratorResult<Uint8Array, unknown>>;
  /** Ends them before their end. Called more than once, and after the end, it does nothing. */
  return(): Promise<unknown>;
}

/** For what makes an object visible. */
export interface S3CommitRequest extends S3Request {
  /** `If-None-Match: *`: an object that is there rejects with `PreconditionFailed`. */
  readonly ifAbsent?: boolean | undefined;
}

/** For a `DeleteObject`. */
export interface S3DeleteRequest extends S3Request {
  /** `If-Match`: another ETag rejects with `PreconditionFailed`. */
  readonly ifMatch?: string | undefined;
}

/** For a page of a listing. */
export interface S3ListRequest extends S3Request {
  readonly prefix: string;
  /** Of the page before; undefined for the first. */
  readonly token?: string | undefined;
}

/** A row of `ListObjectsV2`. */
export interface S3Listed {
  /** Decoded. */
  readonly key: string;
  readonly size: number;
  /** Milliseconds since 1970 UTC. */
  readonly modified: number;
}

/** A multipart upload that was begun. */
export interface S3Upload {
  readonly key: string;
  readonly id: string;
}

/** A row of `ListMultipartUploads`. */
export interface S3ListedUpload extends S3Upload {
  /** When it was begun, in milliseconds since 1970 UTC. */
  readonly initiated: number;
}

/** A page of a listing. */
export interface S3Page<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins; undefined when this was the last. */
  readonly token: string | undefined;
}

/** A part of an upload. */
export interface S3Part {
  /** 1 to 10 000. */
  readonly number: number;
  readonly etag: string;
}

/**
 * The operations of S3 that the store uses, on one bucket. Made by `@cache/s3/aws-sdk` and `@cache/s3/fetch`; anything
 * of this shape will do. The store opens and closes nothing, and sees no address and no secret.
 *
 * Whatever is no success rejects, with the code of S3 in `code` where the server gave one, such as `NoSuchKey`,
 * `NoSuchBucket`, `PreconditionFailed` or `InvalidRange`, and with the number of times the request was sent in
 * `attempts` where that is known. What is worth another try, such as `SlowDown`, was tried again by then.
 * {@link S3Failure} is such an error.
 */
export interface S3Bucket {
  /** `NoSuchKey` when it is absent, `InvalidRange` when nothing of it lies in the range. */
  getObject(key: string, request: S3GetRequest): Promise<S3Object>;
  /** All or nothing; replaces what is there unless told otherwise. */
  putObject(key: string, bytes: Uint8Array, request: S3CommitRequest): Promise<void>;
  /** Of what is absent it is no error. */
  deleteObject(key: string, request: S3DeleteRequest): Promise<void>;
  /** Copies one version within the bucket; `ifMatch` is its ETag. */
  copyObject(from: { key: string; ifMatch: string }, key: string, request: S3Request): Promise<void>;
  /** In the order of their keys. */
  listObjects(request: S3ListRequest): Promise<S3Page<S3Listed>>;
  /** Begins an upload in parts, of which nobody sees anything before it is complete. */
  createMultipartUpload(key: string, request: S3Request): Promise<S3Upload>;
  /** The part's ETag. */
  uploadPart(upload: S3Upload, number: number, bytes: Uint8Array, request: S3Request): Promise<string>;
  /** A part that the server copies from another object of the bucket; its ETag. */
  uploadPartCopy(
    upload: S3Upload,
    number: number,
    from: { key: string; start: number; end: number },
    request: S3Request,
  ): Promise<string>;
  /** Makes one object of the parts, which are in the order of their numbers. */
  completeMultipartUpload(upload: S3Upload, parts: readonly S3Part[], request: S3CommitRequest): Promise<void>;
  /** Drops an upload with its parts. */
  abortMultipartUpload(upload: S3Upload, request: S3Request): Promise<void>;
  /** Those that were begun and not ended. */
  listMultipartUploads(request: S3ListRequest): Promise<S3Page<S3ListedUpload>>;
}
