/** Numbers that look random and are the same for the same seed: xorshift32 (Marsaglia 2003). */
export class Dice {
  #state: number;

  /** @param seed - any number; its whole part counts */
  constructor(seed: number) {
    this.#state = (Math.trunc(seed) * 2654435761) >>> 0 || 1;
    for (let i = 0; i < 8; i++) this.next();
  }

  /** At least 0 and below 1. */
  next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to `count - 1`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** One of them; `undefined` when there is none. */
  pick<T>(from: readonly T[]): T | undefined {
    return from[this.below(from.length)];
  }
}
