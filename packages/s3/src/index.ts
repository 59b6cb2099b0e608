/**
 * A store for `@cache/core` in a bucket of S3, or of whatever speaks its protocol.
 * @packageDocumentation
 */
export type * from "./bucket.ts";
export { type BucketReport, type CheckBucketOptions, checkBucket } from "./check/check-bucket.ts";
export { S3Failure, type S3FailureDetails } from "./failure.ts";
export { type S3StoreOptions, s3Store } from "./s3-store.ts";
export { type SweepReport, type SweepTemporaryOptions, sweepTemporary } from "./sweep-temporary.ts";
