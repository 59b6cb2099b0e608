import { CacheError, type SealContext } from "@cache/core";
import { concat, pae, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { sample } from "../src/samples.ts";

/** Bytes of content in a chunk, as in the format; the last chunk is shorter. */
export const CHUNK = 16_384;
/** A chunk and its tag. */
export const SEALED_CHUNK: number = CHUNK + 32;

/** What the toy leaves out or does wrongly when a fault is planted in it. */
export interface Quirks {
  /** Binds to another context than it was told. */
  readonly bind?: (context: SealContext) => SealContext;
  /** The random bytes of an entry. */
  readonly random?: (length: number) => Uint8Array;
  readonly unmasked?: boolean;
  readonly skipHeadTag?: boolean;
  readonly skipBodyTag?: (index: number) => boolean;
  readonly skipLength?: boolean;
  readonly skipDigest?: boolean;
  readonly anyLastChunk?: boolean;
  readonly bodyFromContext?: boolean;
  readonly unchecked?: boolean;
}

/** Mine, and broken. */
export const broken = (): CacheError => new CacheError("ERR_CACHE_AUTH", "the toy does not believe this");

/** The mask is as good as the generator of `sample`, which is no good at all: the toy shows a shape, it hides nothing. */
export function masked(key: Uint8Array, index: number, bytes: Uint8Array, quirks: Quirks): Uint8Array {
  if (quirks.unmasked === true) return new Uint8Array(bytes);
  const [seed = 0] = new Uint32Array(crypto.hmac("sha256", key, pae("mask", utf8(String(index)))).slice().buffer);
  const out = sample(bytes.length, seed | 1);
  for (let at = 0; at < out.length; at++) out[at] = (out[at] as number) ^ (bytes[at] as number);
  return out;
}

/** A chunk hidden, and its tag. */
export function sealChunk(key: Uint8Array, index: number, content: Uint8Array, quirks: Quirks): Uint8Array {
  const hidden = masked(key, index + 1, content, quirks);
  return concat(hidden, crypto.hmac("sha256", key, pae("chunk", utf8(String(index)), hidden)));
}

/** A chunk verified and shown. */
export function openChunk(key: Uint8Array, index: number, sealed: Uint8Array, quirks: Quirks): Uint8Array {
  const cut = sealed.length - 32;
  if (cut < 0 && quirks.anyLastChunk !== true) throw broken();
  const hidden = sealed.slice(0, Math.max(0, cut));
  const tag = crypto.hmac("sha256", key, pae("chunk", utf8(String(index)), hidden));
  if (quirks.skipBodyTag?.(index) !== true && !crypto.equal(tag, sealed.slice(hidden.length))) throw broken();
  return masked(key, index + 1, hidden, quirks);
}

/** Pieces of exactly `size` bytes, and then what is left, if only nothing. */
export async function* chunks(pieces: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let buffer = new Uint8Array(size);
  let held = 0;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + size - held);
      buffer.set(part, held);
      [at, held] = [at + part.length, held + part.length];
      if (held < size) continue;
      yield buffer;
      [buffer, held] = [new Uint8Array(size), 0];
    }
  }
  yield buffer.subarray(0, held);
}
