/**
 * A bucket through `fetch`, for every runtime that has it.
 * @packageDocumentation
 */
export type { S3Credentials, S3CredentialsSource } from "./credentials.ts";
export { type FetchBucketOptions, fetchBucket } from "./fetch-bucket.ts";
