import type { Name } from "@cache/core/adapter";

/** Names are digests, so any 32 of their bits are as good as a hash of them. */
function printOf(name: Name): number {
  return Number.parseInt(name.slice(-8), 16);
}

/**
 * The names that were evicted lately, in 8 bytes each. A trace may be lost when another falls into its place, and once
 * in four thousand million times found for another name; both only make a worse guess at what to evict.
 */
export class Traces {
  #prints = new Uint32Array(64);
  /** When each was left, on a clock that ticks with every trace; 0 for none. */
  #left = new Uint32Array(64);
  #clock = 0;

  /** @param window - how many of the latest traces count; room is made for them */
  leave(name: Name, window: number): void {
    if (window * 2 > this.#prints.length) this.#grow();
    const print = printOf(name);
    const at = print & (this.#prints.length - 1);
    this.#clock = (this.#clock + 1) >>> 0 || 1;
    this.#prints[at] = print;
    this.#left[at] = this.#clock;
  }

  /** Whether the name is among the latest `window` traces. It is not any more afterwards. */
  take(name: Name, window: number): boolean {
    const print = printOf(name);
    const at = print & (this.#prints.length - 1);
    const left = this.#left[at] as number;
    if (left === 0 || this.#prints[at] !== print) return false;
    this.#left[at] = 0;
    return (this.#clock - left) >>> 0 < window;
  }

  #grow(): void {
    const [prints, left] = [this.#prints, this.#left];
    this.#prints = new Uint32Array(prints.length * 2);
    this.#left = new Uint32Array(prints.length * 2);
    for (let from = 0; from < prints.length; from++) {
      const at = (prints[from] as number) & (this.#prints.length - 1);
      this.#prints[at] = prints[from] as number;
      this.#left[at] = left[from] as number;
    }
  }
}
