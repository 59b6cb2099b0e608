/** Whole numbers from 0 to 2^53 - 1, seven bits a byte, the low ones first; the top bit says that more follow. */

/** Longest a number can be. */
export const MOST_DIGITS = 8;

/** @returns the number of bytes written at `at` */
export function putNumber(out: Uint8Array, at: number, value: number): number {
  let rest = value;
  let length = 0;
  while (rest >= 128) {
    out[at + length++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  out[at + length++] = rest;
  return length;
}

/** A difference, which may be negative, as a number: 0, -1, 1, -2 … become 0, 1, 2, 3 … */
export const unsigned = (difference: number): number => (difference >= 0 ? 2 * difference : -2 * difference - 1);

/** The difference that {@link unsigned} made a number of. */
export const signed = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);

/** Reads numbers byte by byte. */
export class NumberReader {
  #value = 0;
  #scale = 1;
  #digits = 0;

  /** Whether a number was begun and not ended. */
  get pending(): boolean {
    return this.#digits > 0;
  }

  /** @returns the number when this was its last byte; NaN for what is none, or not in its shortest form */
  push(byte: number): number | undefined {
    this.#value += (byte & 127) * this.#scale;
    this.#scale *= 128;
    this.#digits += 1;
    if (byte >= 128 && this.#digits < MOST_DIGITS) return undefined;
    const isShortest = byte > 0 || this.#digits === 1;
    const value = byte < 128 && isShortest && Number.isSafeInteger(this.#value) ? this.#value : Number.NaN;
    this.#value = 0;
    this.#scale = 1;
    this.#digits = 0;
    return value;
  }
}
