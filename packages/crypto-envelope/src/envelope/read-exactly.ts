import type { ReadRange } from "@cache/core";
import { collect } from "@cache/core/bytes";
import { unauthentic } from "../errors.ts";

/**
 * The bytes from `start` to `end`, no more and no fewer: a medium that gives others, or by now gives none, does not hold
 * what was sealed. So nothing is ever gathered beyond what was asked for.
 * @throws CacheError `ERR_CACHE_AUTH`
 */
export async function* readExactly(read: ReadRange, start: number, end: number): AsyncGenerator<Uint8Array> {
  const pieces = await read(start, end);
  if (pieces === undefined) throw unauthentic();
  yield* exactly(pieces, end - start);
}

/** As {@link readExactly}, joined; `undefined` when there is nothing to read. */
export async function collectExactly(read: ReadRange, start: number, end: number): Promise<Uint8Array | undefined> {
  const pieces = await read(start, end);
  return pieces && collect(exactly(pieces, end - start));
}

async function* exactly(pieces: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let left = length;
  for await (const piece of pieces) {
    left -= piece.byteLength;
    if (left < 0) throw unauthentic();
    yield piece;
  }
  if (left > 0) throw unauthentic();
}
