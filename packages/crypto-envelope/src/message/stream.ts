import { concat } from "@cache/core/bytes";
import { unauthentic } from "../errors.ts";
import { CHUNK, openChunks, SEALED_CHUNK, sealChunks } from "./chunks.ts";
import { deriveMessage, MESSAGE_HEAD, type Primitives, SALT_LENGTH } from "./derive.ts";
import { openHead } from "./message.ts";

/** Chunks that are worked on at once: 256 KiB of plaintext. */
const BATCH = 16;

/** Gathers pieces of any length into blocks of `length` bytes, the last one shorter. Blocks are the taker's own. */
async function* blocks(pieces: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(length);
  let filled = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.byteLength; ) {
      const part = piece.subarray(at, at + length - filled);
      block.set(part, filled);
      filled += part.byteLength;
      at += part.byteLength;
      if (filled < length) continue;
      yield block;
      block = new Uint8Array(length);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

/** Seals a message of unknown length in bounded memory. */
export async function* sealMessageStream(
  primitives: Primitives,
  inputKey: Uint8Array,
  context: Uint8Array,
  plaintext: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const salt = primitives.crypto.random(SALT_LENGTH);
  const keys = deriveMessage(primitives, inputKey, salt, context);
  yield concat(salt, keys.commitment);
  let index = 0;
  let short = false;
  for await (const block of blocks(plaintext, BATCH * CHUNK)) {
    short = block.byteLength % CHUNK !== 0;
    const count = Math.floor(block.byteLength / CHUNK);
    const out = new Uint8Array(block.byteLength + 16 * (count + (short ? 1 : 0)));
    sealChunks(primitives, keys, index, block, out, short);
    index += count;
    yield out;
  }
  if (short) return;
  const end = new Uint8Array(16);
  sealChunks(primitives, keys, index, new Uint8Array(0), end, true);
  yield end;
}

/**
 * Opens a message piece by piece: no byte of a chunk leaves before its tag held, and the iteration ends cleanly only
 * after the short last chunk.
 * @throws CacheError `ERR_CACHE_AUTH`
 */
export async function* openMessageStream(
  primitives: Primitives,
  inputKey: Uint8Array,
  context: Uint8Array,
  sealed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { head, rest } = await splitHead(sealed);
  const keys = openHead(primitives, inputKey, context, head);
  let index = 0;
  let ended = false;
  for await (const block of blocks(rest, BATCH * SEALED_CHUNK)) {
    const last = block.byteLength % SEALED_CHUNK !== 0;
    for (const { piece, final } of batches(block, last)) {
      const plaintext = openChunks(primitives, keys, index, piece, final);
      if (plaintext === undefined) throw unauthentic();
      index += Math.floor(piece.byteLength / SEALED_CHUNK);
      if (plaintext.byteLength > 0) yield plaintext;
    }
    ended = last;
  }
  if (!ended) throw unauthentic();
}

/** One chunk at a time, so that the sound chunks before a damaged one are still delivered. */
function* batches(block: Uint8Array, last: boolean): Generator<{ piece: Uint8Array; final: boolean }> {
  for (let at = 0; at < block.byteLength; at += SEALED_CHUNK) {
    const piece = block.subarray(at, at + SEALED_CHUNK);
    yield { piece, final: last && at + SEALED_CHUNK > block.byteLength };
  }
}

async function splitHead(
  sealed: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; rest: AsyncIterable<Uint8Array> }> {
  const source = sealed[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  while (head.byteLength < MESSAGE_HEAD) {
    const next = await source.next();
    if (next.done === true) break;
    head = concat(head, next.value);
  }
  async function* rest(): AsyncGenerator<Uint8Array> {
    try {
      yield head.subarray(MESSAGE_HEAD);
      for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
    } finally {
      await source.return?.();
    }
  }
  return { head: head.subarray(0, MESSAGE_HEAD), rest: rest() };
}
