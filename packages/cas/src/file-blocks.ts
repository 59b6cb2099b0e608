import { storeError } from "@cache/core/adapter";
import { BLOCK, closeQuietly, readAllLater } from "./descriptor.ts";

/** Descriptors of iterations that were dropped before they ended. */
const dropped = new FinalizationRegistry<number>(closeQuietly);

/** Part of an open file, `start <= offset < end`. */
export interface FilePart {
  readonly fd: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The blocks of a part of a file, each read while the one before it is being used. The descriptor is closed when the
 * iteration ends, however it ends; that of an iteration which nobody begins, or goes on with, when it is garbage collected.
 */
export function fileBlocks(part: FilePart, signal?: AbortSignal): AsyncIterable<Uint8Array> {
  const token = {};
  const blocks = readAhead(part, token, signal);
  dropped.register(blocks, part.fd, token);
  return once(blocks);
}

async function* readAhead(
  part: FilePart,
  token: object,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let ahead = begin(part, part.start);
  try {
    for (let at = part.start; at < part.end; at += BLOCK) {
      signal?.throwIfAborted();
      const block = await ahead;
      ahead = begin(part, at + BLOCK);
      yield block;
    }
  } finally {
    // Under a read that is still at work the number of a closed descriptor could become another file's.
    await ahead.catch(() => undefined);
    dropped.unregister(token);
    closeQuietly(part.fd);
  }
}

/** Begins to read a block. Whoever takes it hears of a failure; until then it is not unhandled. */
function begin(part: FilePart, at: number): Promise<Uint8Array> {
  const block = readBlock(part, at);
  block.catch(() => undefined);
  return block;
}

async function readBlock({ fd, end }: FilePart, at: number): Promise<Uint8Array> {
  const block = new Uint8Array(Math.max(0, Math.min(BLOCK, end - at)));
  try {
    const got = await readAllLater(fd, block, at);
    if (got < block.byteLength) throw new Error("the file became shorter while it was read");
    return block;
  } catch (error) {
    throw storeError("reading a stream", error);
  }
}

/** One piece that is in memory already. */
export function onlyPiece(bytes: Uint8Array, signal?: AbortSignal): AsyncIterable<Uint8Array> {
  async function* piece(): AsyncGenerator<Uint8Array, void, undefined> {
    signal?.throwIfAborted();
    if (bytes.byteLength > 0) yield bytes;
  }
  return once(piece());
}

/** A generator ends at once when it is iterated again, which would look like an empty value; this throws instead. */
function once(pieces: AsyncGenerator<Uint8Array, void, undefined>): AsyncIterable<Uint8Array> {
  let begun = false;
  return {
    [Symbol.asyncIterator]() {
      if (begun) throw new TypeError("what open answered can be iterated once; open the name again");
      begun = true;
      return pieces;
    },
  };
}
