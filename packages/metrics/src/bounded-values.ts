/** Stands for every value that came after the last one there was room for. */
const OTHER = "(other)";

/** Values of a label, of which only so many are told apart: each costs every monitoring system memory, for good. */
export class BoundedValues {
  readonly #most: number;
  readonly #known = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#most) return OTHER;
    this.#known.add(value);
    return value;
  }
}
