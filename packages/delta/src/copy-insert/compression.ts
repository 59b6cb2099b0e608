import type { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createBrotliCompress, createBrotliDecompress } from "node:zlib";
import { CacheError } from "@cache/core";

/** Sends pieces through a transform. What the pieces throw comes out as it is. */
async function* through(pieces: AsyncIterable<Uint8Array>, transform: Transform): AsyncGenerator<Uint8Array> {
  const sent = pipeline(pieces, transform);
  // Whoever iterates hears of a failure below; nobody else has to.
  sent.catch(() => {});
  try {
    yield* transform as AsyncIterable<Uint8Array>;
  } finally {
    transform.destroy();
  }
  await sent;
}

/** Instructions as they are stored. */
export function compressed(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_LGWIN]: 22 };
  return through(pieces, createBrotliCompress({ params }));
}

/** @throws CacheError `ERR_CACHE_FORMAT` for what is not compressed, or not to its end */
export async function* decompressed(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let cause: unknown;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces;
    } catch (error) {
      cause = error;
      throw error;
    }
  }
  try {
    yield* through(watched(), createBrotliDecompress());
  } catch (error) {
    if (cause !== undefined) throw cause;
    throw new CacheError("ERR_CACHE_FORMAT", "not a delta: its compression does not hold", { cause: error });
  }
}
