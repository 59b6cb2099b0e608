import { setImmediate } from "node:timers/promises";

/** Bytes of a block of the reference; where a whole one is found in the target, a copy begins. */
export const BLOCK = 32;

const MULTIPLIER = 0x08_08_84_05;
const SPREAD = 0x9e_37_79_b1;
/** MULTIPLIER to the power of BLOCK - 1, modulo 2^32. */
const OLDEST = power(BLOCK - 1);
/** Blocks between two breaths of the event loop. */
const AT_ONCE = 131_072;

function power(exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product = Math.imul(product, MULTIPLIER);
  return product;
}

/** The hash of the block at an offset. */
export function hashAt(bytes: Uint8Array, at: number): number {
  let hash = 0;
  for (let i = at; i < at + BLOCK; i++) hash = (Math.imul(hash, MULTIPLIER) + (bytes[i] as number)) | 0;
  return hash;
}

/** The hash of the block one byte further on. */
export function roll(hash: number, oldest: number, next: number): number {
  return (Math.imul(hash - Math.imul(oldest, OLDEST), MULTIPLIER) + next) | 0;
}

/**
 * Where blocks of the reference lie, by their hash. Of blocks that share a place the first stays: one look answers, so
 * that no input makes the search slower than linear. Takes at most a quarter of a byte for each byte of the reference.
 */
export class ReferenceIndex {
  readonly #slots: Int32Array;
  readonly #shift: number;

  private constructor(blocks: number) {
    const bits = Math.max(4, Math.ceil(Math.log2(blocks + 1)));
    this.#slots = new Int32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  static async of(reference: Uint8Array, signal?: AbortSignal): Promise<ReferenceIndex> {
    const blocks = Math.floor(reference.byteLength / BLOCK);
    const index = new ReferenceIndex(blocks);
    for (let block = 0; block < blocks; block++) {
      if (block % AT_ONCE === AT_ONCE - 1) {
        await setImmediate();
        signal?.throwIfAborted();
      }
      const slot = index.#slotOf(hashAt(reference, block * BLOCK));
      if (index.#slots[slot] === 0) index.#slots[slot] = block + 1;
    }
    return index;
  }

  /** Offset of a block that may have this hash; -1 for none. */
  find(hash: number): number {
    return ((this.#slots[this.#slotOf(hash)] as number) - 1) * BLOCK;
  }

  #slotOf(hash: number): number {
    return Math.imul(hash, SPREAD) >>> this.#shift;
  }
}
