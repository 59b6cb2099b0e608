import { checkOptions, type Duration, storeError } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import { Asker } from "../asking/asker.ts";
import { timeoutOf } from "../asking/timeout.ts";
import type { S3Bucket } from "../bucket.ts";
import { newNonce } from "../envelope.ts";
import { Layout } from "../layout.ts";
import { Probe } from "./probe.ts";
import {
  completeIfAbsent,
  consistent,
  deleteIfMatch,
  deleteRace,
  getIfMatch,
  oneWinner,
  putIfAbsent,
  ranges,
} from "./promises.ts";

/** Where {@link checkBucket} tries, and how long it waits. */
export interface CheckBucketOptions {
  /** @defaultValue `"cache/"` */
  readonly prefix?: string | undefined;
  /**
   * Longest wait for the answer to a request.
   * @defaultValue `"60s"`
   */
  readonly timeout?: Duration | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Which promises a bucket keeps. */
export interface BucketReport {
  /** Everything below. */
  readonly sound: boolean;
  /** A put with `If-None-Match: *` leaves an object that is there. */
  readonly putIfAbsent: boolean;
  /** Of twelve such puts at once exactly one writes. */
  readonly oneWinner: boolean;
  /** Completing an upload in parts with `If-None-Match: *` leaves an object that is there. */
  readonly completeIfAbsent: boolean;
  /** A delete with `If-Match` of another version leaves an object that is there. */
  readonly deleteIfMatch: boolean;
  /** Such a delete never takes what was put at the same time, in forty races. */
  readonly deleteRace: boolean;
  /** A get with `If-Match` of another version is refused. */
  readonly getIfMatch: boolean;
  /** A range gives these bytes and no others. */
  readonly ranges: boolean;
  /** An object that was put is found at once, by its key and in a listing. */
  readonly consistent: boolean;
}

/**
 * Tries with a few small objects, which it deletes, whether a bucket keeps its word: some servers take every condition
 * and heed none, so that a store loses races without a word.
 * @param bucket - as for `s3Store`
 * @param options - where
 * @throws CacheError `ERR_CACHE_STORE` when it could not be tried
 */
export async function checkBucket(bucket: S3Bucket, options: CheckBucketOptions = {}): Promise<BucketReport> {
  checkOptions("checkBucket", options, ["prefix", "timeout", "signal"]);
  const { prefix = "cache/", timeout = "60s", signal } = options;
  const folder = `${new Layout(prefix).temporary}check-${toHex(newNonce())}/`;
  const probe = new Probe(bucket, folder, new Asker(timeoutOf(timeout)), signal);
  try {
    const heedsDelete = await deleteIfMatch(probe);
    const checks = {
      putIfAbsent: await putIfAbsent(probe),
      oneWinner: await oneWinner(probe),
      completeIfAbsent: await completeIfAbsent(probe),
      deleteIfMatch: heedsDelete,
      // Without the condition a race is won by luck only.
      deleteRace: heedsDelete && (await deleteRace(probe)),
      getIfMatch: await getIfMatch(probe),
      ranges: await ranges(probe),
      consistent: await consistent(probe),
    };
    return { sound: Object.values(checks).every((held) => held), ...checks };
  } catch (error) {
    throw storeError("checking what the bucket keeps its word on", error, signal);
  } finally {
    await probe.clean();
  }
}
