import { CacheError, type GetOptions, type Name, type RangeOptions, type Stat, storeError } from "@cache/core/adapter";
import type { S3Object, S3Range } from "../bucket.ts";
import type { Context } from "../context.ts";
import { NONCE_LENGTH, valueSize } from "../envelope.ts";
import { codeOf, isAbsence } from "../failure.ts";
import { Reader } from "./reader.ts";

const NOTHING: S3Range = { start: 0, end: NONCE_LENGTH };

/** `get` of the store. */
export async function getValue(context: Context, name: Name, options: GetOptions): Promise<Uint8Array | undefined> {
  const { limit = Number.POSITIVE_INFINITY, signal } = options;
  const key = context.layout.keyOf(name);
  const object = await find(context, key, undefined, "reading a value", signal);
  if (object === undefined) return undefined;
  const reader = new Reader(context, object, { key, start: NONCE_LENGTH, end: object.size }, signal);
  if (valueSize(object.size) > limit) {
    reader.end();
    throw new CacheError("ERR_CACHE_LIMIT", "the value is longer than the caller allows");
  }
  return reader.whole();
}

/** `open` of the store. */
export async function openValue(
  context: Context,
  name: Name,
  { start = 0, end = Number.POSITIVE_INFINITY, signal }: RangeOptions,
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const key = context.layout.keyOf(name);
  const from = Math.max(0, start);
  if (end <= from) return (await statKey(context, key, signal)) && none();
  const span = { key, start: from + NONCE_LENGTH, end: end + NONCE_LENGTH };
  const whole = from === 0 && end === Number.POSITIVE_INFINITY;
  const range = whole ? undefined : { start: span.start, end: Number.isFinite(end) ? span.end : undefined };
  try {
    const object = await find(context, key, range, "reading a value", signal);
    return object && piecesOf(new Reader(context, object, span, signal));
  } catch (error) {
    // The range begins at the end of the value or beyond it.
    if (causeOf(error) === "InvalidRange") return none();
    throw error;
  }
}

/** `stat` of the store. */
export async function statValue(context: Context, name: Name, signal?: AbortSignal): Promise<Stat | undefined> {
  return statKey(context, context.layout.keyOf(name), signal);
}

/**
 * What is known of a key. Asked for with `GET` of a few bytes: `HEAD` has no body that could tell a bucket that is gone
 * from a key that is absent.
 */
async function statKey(context: Context, key: string, signal: AbortSignal | undefined): Promise<Stat | undefined> {
  const object = await head(context, key, signal);
  return object && { size: valueSize(object.size), modified: object.modified, version: object.etag };
}

/** The bytes that no other put has; undefined when the key is absent. */
export async function nonceAt(context: Context, key: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  return (await head(context, key, signal))?.nonce;
}

async function head(
  context: Context,
  key: string,
  signal: AbortSignal | undefined,
): Promise<(S3Object & { nonce: Uint8Array }) | undefined> {
  const doing = "reading what is known of a value";
  const object = await find(context, key, NOTHING, doing, signal).catch((error) => {
    // Nothing at all is there, which somebody else put; asked for whole it tells its version.
    if (causeOf(error) !== "InvalidRange") throw error;
    return find(context, key, undefined, doing, signal);
  });
  if (object === undefined) return undefined;
  const reader = new Reader(context, object, { key, start: 0, end: NONCE_LENGTH }, signal);
  return { ...object, nonce: await reader.whole() };
}

async function find(
  { bucket, asker }: Context,
  key: string,
  range: S3Range | undefined,
  doing: string,
  signal: AbortSignal | undefined,
): Promise<S3Object | undefined> {
  try {
    return await asker.ask({ doing, signal }, (signal) => bucket.getObject(key, { range, signal }));
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw storeError(doing, error, signal);
  }
}

/** The code of S3 behind a failure of the store. */
function causeOf(error: unknown): string | undefined {
  return codeOf((error as { cause?: unknown } | null)?.cause);
}

/** The reader's pieces, for an iteration that may be left before it began. */
function piecesOf(reader: Reader): AsyncIterableIterator<Uint8Array> {
  const pieces = reader.pieces();
  return {
    next: () => pieces.next(),
    return: () => {
      reader.end();
      return pieces.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* none(): AsyncGenerator<Uint8Array, void, undefined> {
  // Nothing of it was asked for.
}
