/**
 * A bucket through the client of the AWS SDK.
 * @packageDocumentation
 */
export { type AwsSdkBucketOptions, awsSdkBucket } from "./aws-sdk-bucket.ts";
