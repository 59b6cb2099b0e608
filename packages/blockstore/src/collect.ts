import { CacheError } from "@cache/core";

/** A block as `put` takes it. */
export type Input = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * All of a block in one piece, and a copy: what is verified next is what is stored, whatever becomes of the caller's buffers.
 * @throws CacheError `ERR_CACHE_LIMIT` as soon as it is longer than it may be
 */
export async function collect(input: Input, limit: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of input instanceof Uint8Array ? [input] : input) {
    signal?.throwIfAborted();
    length += piece.byteLength;
    if (length > limit) throw new CacheError("ERR_CACHE_LIMIT", `a block is longer than ${limit} bytes`);
    pieces.push(new Uint8Array(piece));
  }
  return joined(pieces, length);
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}
