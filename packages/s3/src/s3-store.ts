import { checkOptions, type Duration, parseSize, type Size, type Store } from "@cache/core/adapter";
import { Asker } from "./asking/asker.ts";
import { timeoutOf } from "./asking/timeout.ts";
import type { S3Bucket } from "./bucket.ts";
import type { Context } from "./context.ts";
import { Layout } from "./layout.ts";
import { listValues } from "./listing.ts";
import { getValue, openValue, statValue } from "./reading/read.ts";
import { deleteValue } from "./removing.ts";
import { putDraft, putValue } from "./writing/put.ts";

const MIB = 1024 * 1024;

/** S3 takes no shorter part but the last, and no longer one. */
const SHORTEST_PART = 5 * MIB;
const LONGEST_PART = 5 * 1024 * MIB;

/** Where in a bucket a cache lives, and how it is spoken to. */
export interface S3StoreOptions {
  /**
   * Put in front of every key, so that a bucket can hold more than one cache: letters, digits, `.`, `_`, `-`, `/`.
   * @defaultValue `"cache/"`
   */
  readonly prefix?: string | undefined;
  /**
   * Values longer than this are sent in parts of this length, of which four at most are in memory for each stream. A
   * stream may have 10 000 parts. At least 5 MiB.
   * @defaultValue `"8MiB"`
   */
  readonly partSize?: Size | undefined;
  /**
   * Longest wait for the answer to a request, the client's tries included, and for every 64 KiB of a body.
   * @defaultValue `"60s"`
   */
  readonly timeout?: Duration | undefined;
}

/**
 * A store in a bucket of S3, or of whatever speaks its protocol and keeps its word on conditions: see `checkBucket`.
 * @param bucket - of `@cache/s3/aws-sdk`, `@cache/s3/fetch`, or your own; opened by you and closed by you
 * @param options - where in it, and how
 * @throws TypeError for what is no bucket, and options that are none
 */
export function s3Store(bucket: S3Bucket, options: S3StoreOptions = {}): Store {
  const context = contextOf(bucket, options);
  return {
    get: (name, options = {}) => getValue(context, name, options),
    open: (name, options = {}) => openValue(context, name, options),
    put: (name, bytes, options = {}) => putValue(context, name, bytes, options),
    putStream: (draft, options = {}) => putDraft(context, draft, options),
    stat: (name, { signal } = {}) => statValue(context, name, signal),
    delete: (name, options = {}) => deleteValue(context, name, options),
    list: (kind, { signal } = {}) => listValues(context, kind, signal),
  };
}

function contextOf(bucket: S3Bucket, options: S3StoreOptions): Context {
  if (typeof bucket?.getObject !== "function") {
    throw new TypeError("s3Store takes a bucket: make one by awsSdkBucket(client, { bucket }) or fetchBucket({ … })");
  }
  checkOptions("s3Store", options, ["prefix", "partSize", "timeout"]);
  const partSize = parseSize(options.partSize ?? 8 * MIB);
  if (partSize < SHORTEST_PART || partSize > LONGEST_PART) throw new TypeError("partSize is between 5 MiB and 5 GiB");
  const timeout = timeoutOf(options.timeout ?? "60s");
  return { bucket, layout: new Layout(options.prefix ?? "cache/"), asker: new Asker(timeout), partSize, timeout };
}
