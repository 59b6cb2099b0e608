import { ENTRY_COST } from "../src/index.ts";

interface Value {
  readonly key: number;
  length: number;
  uses: number;
}

/**
 * S3-FIFO over arrays, with every sum computed anew and every search from the start: what the store must agree with.
 * It has no iterations under way, and its memory of evicted names has no collisions.
 */
export class Model {
  evictions = 0;
  small: Value[] = [];
  main: Value[] = [];
  #traces: number[] = [];
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  all(): Value[] {
    return [...this.small, ...this.main];
  }

  bytes(values: readonly Value[] = this.all()): number {
    return values.reduce((sum, { length }) => sum + length + ENTRY_COST, 0);
  }

  use(key: number): Value | undefined {
    const value = this.all().find((each) => each.key === key);
    if (value !== undefined) value.uses = Math.min(3, value.uses + 1);
    return value;
  }

  put(key: number, length: number): boolean {
    if (length + ENTRY_COST > this.#maxBytes) return false;
    const value = this.use(key);
    if (value !== undefined && this.bytes() - value.length + length <= this.#maxBytes) {
      value.length = length;
      return true;
    }
    const queue = value !== undefined && this.main.includes(value) ? "main" : "small";
    this.delete(key);
    while (this.bytes() + length + ENTRY_COST > this.#maxBytes) this.#step();
    this[value === undefined && this.#wasEvicted(key) ? "main" : queue].push({ key, length, uses: value?.uses ?? 0 });
    return true;
  }

  delete(key: number): void {
    this.small = this.small.filter((each) => each.key !== key);
    this.main = this.main.filter((each) => each.key !== key);
  }

  #wasEvicted(key: number): boolean {
    const at = this.#traces.lastIndexOf(key);
    if (at < 0) return false;
    const found = this.#traces.length - 1 - at < this.all().length;
    this.#traces[at] = -1;
    return found;
  }

  #step(): void {
    const fromSmall = this.small.length > 0 && (this.main.length === 0 || this.bytes(this.small) * 5 >= this.#maxBytes);
    const value = (fromSmall ? this.small : this.main).shift() as Value;
    if (value.uses > 0) {
      this.main.push({ ...value, uses: fromSmall ? 0 : value.uses - 1 });
      return;
    }
    this.evictions++;
    if (fromSmall) this.#traces.push(value.key);
  }
}
