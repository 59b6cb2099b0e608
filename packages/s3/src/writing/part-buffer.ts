const FIRST = 65_536;

/** Collects pieces up to the length of a part, in memory that grows with what is there. */
export class PartBuffer {
  readonly #capacity: number;
  #bytes = new Uint8Array(0);
  #length = 0;

  /** @param capacity - most bytes */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  /** Whether nothing more fits. */
  get full(): boolean {
    return this.#length >= this.#capacity;
  }

  /** What is there; a window of its memory. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Copies as much of a piece as fits, and says how much that was. */
  take(piece: Uint8Array): number {
    const taken = Math.min(piece.byteLength, this.#capacity - this.#length);
    this.#grow(this.#length + taken);
    this.#bytes.set(piece.subarray(0, taken), this.#length);
    this.#length += taken;
    return taken;
  }

  #grow(length: number): void {
    if (length <= this.#bytes.byteLength) return;
    const room = Math.min(this.#capacity, Math.max(length, FIRST, 2 * this.#bytes.byteLength));
    const bytes = new Uint8Array(room);
    bytes.set(this.bytes);
    this.#bytes = bytes;
  }
}
