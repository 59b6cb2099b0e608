import { CacheError } from "@cache/core";
import { MOST_DIGITS, NumberReader, putNumber, signed, unsigned } from "./numbers.ts";

/** What a number that begins an instruction says besides its length. */
const COPY = 1;

/** Bytes of a copy handed on at once. */
const PIECE = 262_144;

/** Writes the instructions of one window of the target. */
export class InstructionWriter {
  #out: Uint8Array = new Uint8Array(65_536);
  #length = 0;
  /** Where the last copy ended in the reference. */
  #end = 0;

  get end(): number {
    return this.#end;
  }

  insert(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    this.#number(2 * bytes.byteLength);
    this.#reserve(bytes.byteLength);
    this.#out.set(bytes, this.#length);
    this.#length += bytes.byteLength;
  }

  copy(from: number, length: number): void {
    this.#number(2 * length + COPY);
    this.#number(unsigned(from - this.#end));
    this.#end = from + length;
  }

  /** What was written since the last time. */
  take(): Uint8Array {
    const taken = this.#out.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #number(value: number): void {
    this.#reserve(MOST_DIGITS);
    this.#length += putNumber(this.#out, this.#length, value);
  }

  #reserve(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#out.byteLength) return;
    const grown = new Uint8Array(Math.max(wanted, 2 * this.#out.byteLength));
    grown.set(this.#out.subarray(0, this.#length));
    this.#out = grown;
  }
}

const malformed = (why: string): CacheError =>
  new CacheError("ERR_CACHE_FORMAT", `not a delta to this reference: ${why}`);

/** Follows instructions as they come, within the reference and within the size of the target. */
export class InstructionReader {
  readonly #reference: Uint8Array;
  readonly #numbers = new NumberReader();
  /** Bytes of the target that are still to come. */
  #missing: number;
  /** Bytes still to come of an insertion. */
  #inserting = 0;
  /** Length of a copy whose offset is still to come. */
  #copying = 0;
  #end = 0;

  constructor(reference: Uint8Array, size: number) {
    this.#reference = reference;
    this.#missing = size;
  }

  /** @throws CacheError `ERR_CACHE_FORMAT` before anything is given that goes beyond a bound */
  *push(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
    let at = 0;
    while (at < bytes.byteLength) {
      if (this.#inserting > 0) {
        const piece = bytes.slice(at, at + this.#inserting);
        this.#inserting -= piece.byteLength;
        at += piece.byteLength;
        yield piece;
        continue;
      }
      const number = this.#numbers.push(bytes[at++] as number);
      if (number === undefined) continue;
      if (Number.isNaN(number)) throw malformed("a number is none");
      if (this.#copying > 0) yield* this.#copy(number);
      else this.#begin(number);
    }
  }

  /** @throws CacheError `ERR_CACHE_FORMAT` when it is not all there */
  finish(): void {
    if (this.#missing > 0 || this.#inserting > 0 || this.#copying > 0 || this.#numbers.pending) {
      throw malformed("it ends early");
    }
  }

  #begin(number: number): void {
    const length = Math.floor(number / 2);
    if (length === 0) throw malformed("an instruction of no length");
    if (length > this.#missing) throw malformed("it gives more than the target has");
    this.#missing -= length;
    if (number % 2 === COPY) this.#copying = length;
    else this.#inserting = length;
  }

  *#copy(number: number): Generator<Uint8Array, void, undefined> {
    const from = this.#end + signed(number);
    const end = from + this.#copying;
    if (from < 0 || end > this.#reference.byteLength) throw malformed("a copy leaves the reference");
    this.#copying = 0;
    this.#end = end;
    for (let at = from; at < end; at += PIECE) yield this.#reference.slice(at, Math.min(end, at + PIECE));
  }
}
