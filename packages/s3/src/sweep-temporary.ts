import { checkOptions, type Duration, parseDuration, storeError } from "@cache/core/adapter";
import { Asker } from "./asking/asker.ts";
import { timeoutOf } from "./asking/timeout.ts";
import type { S3Bucket, S3ListRequest, S3Page } from "./bucket.ts";
import { codeOf, isAbsence } from "./failure.ts";
import { Layout } from "./layout.ts";
import { MOST_EMPTY, notOnward } from "./listing.ts";

/** What {@link sweepTemporary} removes. */
export interface SweepTemporaryOptions {
  /** Older than this by the server's clock, and longer than any stream takes. */
  readonly olderThan: Duration;
  /** @defaultValue `"cache/"` */
  readonly prefix?: string | undefined;
  /**
   * Longest wait for the answer to a request.
   * @defaultValue `"60s"`
   */
  readonly timeout?: Duration | undefined;
  /**
   * What time it is, in milliseconds since 1970 UTC.
   * @defaultValue `Date.now`
   */
  readonly now?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was removed. */
export interface SweepReport {
  readonly objects: number;
  readonly uploads: number;
}

/**
 * Removes what streams left behind whose processes were killed: temporary objects, and uploads in parts that nobody
 * ended. A rule of the bucket does the same; this is for servers that have none.
 * @param bucket - as for `s3Store`
 * @param options - how old
 * @throws CacheError `ERR_CACHE_STORE`
 */
export async function sweepTemporary(bucket: S3Bucket, options: SweepTemporaryOptions): Promise<SweepReport> {
  checkOptions("sweepTemporary", options, ["olderThan", "prefix", "timeout", "now", "signal"]);
  const { prefix = "cache/", timeout = "60s", now = Date.now, signal } = options;
  const before = now() - parseDuration(options.olderThan);
  const layout = new Layout(prefix);
  const asker = new Asker(timeoutOf(timeout));
  const asking = { doing: "removing what is temporary", signal };
  /** Counts what is gone; somebody else may have been quicker. */
  const remove = async (send: (signal: AbortSignal) => Promise<void>): Promise<number> => {
    try {
      await asker.ask(asking, send);
      return 1;
    } catch (error) {
      if (codeOf(error) === "NoSuchUpload" || isAbsence(error)) return 0;
      throw storeError(asking.doing, error, signal);
    }
  };
  let [objects, uploads] = [0, 0];
  const ask = <T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> => asker.need(asking, send);
  for await (const { key, modified } of rows(ask, layout.temporary, (request) => bucket.listObjects(request))) {
    if (modified < before && layout.isTemporary(key))
      objects += await remove((signal) => bucket.deleteObject(key, { signal }));
  }
  for await (const upload of rows(ask, layout.all, (request) => bucket.listMultipartUploads(request))) {
    if (upload.initiated < before && layout.isOwn(upload.key)) {
      uploads += await remove((signal) => bucket.abortMultipartUpload(upload, { signal }));
    }
  }
  return { objects, uploads };
}

async function* rows<Row>(
  ask: <T>(send: (signal: AbortSignal) => Promise<T>) => Promise<T>,
  prefix: string,
  list: (request: S3ListRequest) => Promise<S3Page<Row>>,
): AsyncGenerator<Row, void, undefined> {
  let token: string | undefined;
  let empty = 0;
  do {
    const page: S3Page<Row> = await ask((signal) => list({ prefix, token, signal }));
    empty = page.rows.length === 0 ? empty + 1 : 0;
    if (empty > MOST_EMPTY) throw notOnward();
    yield* page.rows;
    token = page.token === token ? undefined : page.token;
  } while (token !== undefined);
}
