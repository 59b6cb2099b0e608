/** Numbers that a seed decides, so that a run can be repeated (xorshift128; no use for secrets). */
export class Random {
  #state;

  /** @param {number} seed - whole, 32 bits */
  constructor(seed) {
    // Weyl's sequence, so that seeds that are close give states that are not.
    this.#state = Uint32Array.from({ length: 4 }, (_, i) => Math.imul(seed + i + 1, 0x9e3779b1) ^ (0x85ebca6b >>> i));
    for (let i = 0; i < 16; i++) this.#next();
  }

  #next() {
    const state = this.#state;
    let mixed = /** @type {number} */ (state[3]);
    const first = /** @type {number} */ (state[0]);
    state.copyWithin(1, 0, 3);
    mixed ^= mixed << 11;
    mixed ^= mixed >>> 8;
    state[0] = mixed ^ first ^ (first >>> 19);
    return /** @type {number} */ (state[0]);
  }

  /** A whole number from 0 on and below `end`. @param {number} end */
  below(end) {
    return end <= 1 ? 0 : Math.floor((this.#next() / 2 ** 32) * end);
  }

  /**
   * @template T
   * @param {readonly T[]} items - at least one
   */
  of(items) {
    return /** @type {T} */ (items[this.below(items.length)]);
  }
}
