/** Cuts pieces of any length into units of one length, without copying what lies whole within a piece. */
export class Cutter {
  readonly #held: Uint8Array;
  #filled = 0;

  /** @param unit - length of a unit in bytes */
  constructor(unit: number) {
    this.#held = new Uint8Array(unit);
  }

  /** The units that a further piece completes. Each is a view that holds until the next one is asked for. */
  *units(piece: Uint8Array): Generator<Uint8Array> {
    const unit = this.#held.byteLength;
    let at = 0;
    if (this.#filled > 0) {
      at = this.#hold(piece.subarray(0, unit - this.#filled));
      if (this.#filled < unit) return;
      this.#filled = 0;
      yield this.#held;
    }
    for (; at + unit <= piece.byteLength; at += unit) yield piece.subarray(at, at + unit);
    this.#hold(piece.subarray(at));
  }

  /** What no unit was completed with; shorter than one, and possibly empty. */
  get rest(): Uint8Array {
    return this.#held.subarray(0, this.#filled);
  }

  #hold(part: Uint8Array): number {
    this.#held.set(part, this.#filled);
    this.#filled += part.byteLength;
    return part.byteLength;
  }
}
