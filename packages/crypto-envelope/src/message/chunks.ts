import { TAG_LENGTH } from "../aead/provider.ts";
import { chunkNonce, MESSAGE_HEAD, type MessageKeys, type Primitives } from "./derive.ts";

/** Plaintext bytes of a full chunk; the last chunk of a message is always shorter, and may be empty. */
export const CHUNK = 16_384;
/** Stored bytes of a full chunk. */
export const SEALED_CHUNK: number = CHUNK + TAG_LENGTH;

/** Stored bytes of a message over `size` bytes of plaintext. */
export function messageLength(size: number): number {
  return MESSAGE_HEAD + size + TAG_LENGTH * (Math.floor(size / CHUNK) + 1);
}

/** Seals consecutive chunks from `index` on into `out`. The plaintext is cut into full chunks; a rest makes a short one. */
export function sealChunks(
  { aead }: Primitives,
  { key, baseNonce }: MessageKeys,
  index: number,
  plaintext: Uint8Array,
  out: Uint8Array,
  last: boolean,
): void {
  const count = Math.floor(plaintext.byteLength / CHUNK) + (last ? 1 : 0);
  for (let i = 0; i < count; i++) {
    const piece = plaintext.subarray(i * CHUNK, Math.min(plaintext.byteLength, (i + 1) * CHUNK));
    out.set(aead.seal(key, chunkNonce(baseNonce, index + i), piece), i * SEALED_CHUNK);
  }
}

/**
 * Opens consecutive chunks from `index` on; with `last`, the final one is short.
 * @returns `undefined` unless every tag holds: no byte of a refused batch leaves
 */
export function openChunks(
  { aead }: Primitives,
  { key, baseNonce }: MessageKeys,
  index: number,
  sealed: Uint8Array,
  last: boolean,
): Uint8Array | undefined {
  const full = Math.floor(sealed.byteLength / SEALED_CHUNK);
  const rest = sealed.byteLength - full * SEALED_CHUNK;
  // A full chunk at the end means that the short one was cut off; a rest shorter than a tag is no chunk.
  if (last ? rest < TAG_LENGTH : rest !== 0) return undefined;
  const out = new Uint8Array(full * CHUNK + (last ? rest - TAG_LENGTH : 0));
  for (let i = 0; i < full + (last ? 1 : 0); i++) {
    const piece = sealed.subarray(i * SEALED_CHUNK, Math.min(sealed.byteLength, (i + 1) * SEALED_CHUNK));
    const plaintext = aead.open(key, chunkNonce(baseNonce, index + i), piece);
    if (plaintext === undefined) return undefined;
    out.set(plaintext, i * CHUNK);
  }
  return out;
}
