import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createBrotliCompress, createBrotliDecompress } from "node:zlib";
import { CacheError } from "@cache/core/adapter";

/** Chosen for its speed: the next ones take twice as long for a percent. */
const QUALITY = 9;

type Pieces = AsyncIterable<Uint8Array>;

/** Hands what `source` gives through `transform`, and fails as either does. */
async function* through(source: Pieces, transform: Transform): AsyncGenerator<Uint8Array> {
  const done = pipeline(Readable.from(source, { objectMode: false }), transform);
  // Awaited below; until then it must not count as unheard.
  done.catch(() => undefined);
  try {
    yield* transform as AsyncIterable<Uint8Array>;
    await done;
  } finally {
    transform.destroy();
  }
}

/** The pieces in the form of brotli (RFC 7932). The same library gives the same bytes for the same pieces joined. */
export function compressed(source: Pieces): AsyncGenerator<Uint8Array> {
  return through(source, createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }));
}

/**
 * What was compressed, and never more than `limit` bytes of it.
 * @throws CacheError `ERR_CACHE_CODEC` for what is not brotli, `ERR_CACHE_AUTH` for more than the limit
 */
export async function* expanded(source: Pieces, limit: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    for await (const piece of through(source, createBrotliDecompress())) {
      length += piece.byteLength;
      if (length > limit) throw new CacheError("ERR_CACHE_AUTH", "a member is larger than the package states");
      yield piece;
    }
  } catch (cause) {
    const code = String((cause as { code?: unknown }).code);
    if (!/^(ERR_BROTLI|ERR__ERROR|Z_|ERR_STREAM_PREMATURE)/.test(code)) throw cause;
    throw new CacheError("ERR_CACHE_CODEC", "a compressed member cannot be expanded", { cause });
  }
}
