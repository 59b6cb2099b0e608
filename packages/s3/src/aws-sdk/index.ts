/**
 * A bucket through the client of the AWS SDK.
 * @packageDocumentation
 */
export { type AwsSdkBucketOptions, type AwsSdkClient, awsSdkBucket } from "./aws-sdk-bucket.ts";
