import { concat } from "@cache/core/bytes";
import { TAG_LENGTH } from "../aead/provider.ts";
import { Cutter } from "./cutter.ts";
import { deriveKeys, type MessageKeys, type Primitives, recoverKeys } from "./derive.ts";
import { CHUNK, MESSAGE_HEAD, SALT_LENGTH, SEALED_CHUNK } from "./layout.ts";
import { openChunk, sealChunk } from "./message.ts";

/** Most chunks that are handed out at once: 256 KiB of content. */
const BATCH = 16;

/** One direction of the work: units of one length come in, the last one shorter, and leave converted, in order. */
interface Conversion {
  /** Length in bytes of what comes in. */
  readonly unit: number;
  /** How much longer, or shorter, it leaves. */
  readonly growth: number;
  /** Index of the first chunk. */
  readonly first: number;
  /** Whether what comes in goes on to the message's end. */
  readonly toEnd: boolean;
  convert(unit: Uint8Array, index: number, out: Uint8Array): void;
}

/** Converts in batches. When a unit fails, those before it leave first, and then its failure comes out. */
async function* converted(
  pieces: AsyncIterable<Uint8Array>,
  { unit, growth, first, toEnd, convert }: Conversion,
): AsyncGenerator<Uint8Array> {
  const cutter = new Cutter(unit);
  let index = first;
  let batch = new Uint8Array(BATCH * (unit + growth));
  let filled = 0;
  let failure: { readonly error: unknown } | undefined;
  const add = (each: Uint8Array): void => {
    const end = filled + each.byteLength + growth;
    convert(each, index++, batch.subarray(filled, end));
    filled = end;
  };
  try {
    for await (const piece of pieces) {
      for (const each of cutter.units(piece)) {
        add(each);
        if (filled < batch.byteLength) continue;
        yield batch;
        batch = new Uint8Array(batch.byteLength);
        filled = 0;
      }
    }
    if (toEnd) add(cutter.rest);
  } catch (error) {
    failure = { error };
  }
  if (filled > 0) yield batch.subarray(0, filled);
  if (failure !== undefined) throw failure.error;
}

/** Opens consecutive chunks. @throws CacheError `ERR_CACHE_AUTH`, after the sound chunks before the broken one */
export function openChunks(
  primitives: Primitives,
  keys: MessageKeys,
  sealed: AsyncIterable<Uint8Array>,
  range: Pick<Conversion, "first" | "toEnd">,
): AsyncGenerator<Uint8Array> {
  const convert: Conversion["convert"] = (chunk, index, out) => out.set(openChunk(primitives, keys, index, chunk));
  return converted(sealed, { unit: SEALED_CHUNK, growth: -TAG_LENGTH, convert, ...range });
}

/**
 * A message of any length, piece by piece in bounded memory.
 * @param salt - 24 bytes, fresh for every message
 * @throws TypeError for an input key of another length than the suite's
 */
export async function* sealMessageStream(
  primitives: Primitives,
  inputKey: Uint8Array,
  context: Uint8Array,
  plaintext: AsyncIterable<Uint8Array>,
  salt: Uint8Array = primitives.crypto.random(SALT_LENGTH),
): AsyncGenerator<Uint8Array> {
  const keys = deriveKeys(primitives, inputKey, salt, context);
  yield concat(salt, keys.commitment);
  const convert: Conversion["convert"] = (chunk, index, out) => sealChunk(primitives, keys, index, chunk, out);
  yield* converted(plaintext, { unit: CHUNK, growth: TAG_LENGTH, convert, first: 0, toEnd: true });
}

/**
 * Opens a message piece by piece in bounded memory. No byte of a chunk leaves before its tag was verified, and the
 * iteration ends cleanly only after the short last chunk.
 * @throws CacheError `ERR_CACHE_AUTH`
 * @throws TypeError for an input key of another length than the suite's
 */
export async function* openMessageStream(
  primitives: Primitives,
  inputKey: Uint8Array,
  context: Uint8Array,
  message: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const pieces = message[Symbol.asyncIterator]();
  try {
    let head: Uint8Array = new Uint8Array(0);
    while (head.byteLength < MESSAGE_HEAD) {
      const next = await pieces.next();
      if (next.done === true) break;
      head = concat(head, next.value);
    }
    const keys = recoverKeys(primitives, inputKey, context, head);
    yield* openChunks(primitives, keys, resumed(head.subarray(MESSAGE_HEAD), pieces), { first: 0, toEnd: true });
  } finally {
    await pieces.return?.();
  }
}

/** What was read too far, and then the rest of an iteration. */
async function* resumed(piece: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield piece;
  yield* { [Symbol.asyncIterator]: () => rest };
}
