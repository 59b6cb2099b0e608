import { costOf, ENTRY_COST, type Held, MOST_USES } from "./held.ts";
import { Queue } from "./queue.ts";
import { Traces } from "./traces.ts";

/** The bound. */
export interface Bound {
  readonly maxBytes: number;
  readonly maxEntries: number;
}

/**
 * A fifth of the bound is for values that have yet to show that they are used. The paper has a tenth; a fifth loses
 * nearly nothing where the popular values stay the same, and keeps up with a plain LRU where they change.
 */
const PROBATION = 5;

/**
 * Who stays and who goes within a bound: S3-FIFO (Yang and others, SOSP 2023). New values pass through a small queue,
 * and only those used in it enter the main one, so a scan of values used once does not wash the others out. What fell
 * out of the small queue leaves a trace, and enters the main one when it comes again. No operation looks at more values
 * than the puts and uses before it have paid for.
 */
export class Residents {
  evictions = 0;
  readonly #bound: Bound;
  readonly #gone: (held: Held) => void;
  readonly #small = new Queue();
  readonly #main = new Queue();
  readonly #reading = new Queue();
  readonly #traces = new Traces();

  /** @param gone - told of every value that was evicted */
  constructor(bound: Bound, gone: (held: Held) => void) {
    this.#bound = bound;
    this.#gone = gone;
  }

  get entries(): number {
    return this.#small.length + this.#main.length + this.#reading.length;
  }

  /** What all values cost. */
  get bytes(): number {
    return this.#small.cost + this.#main.cost + this.#reading.cost;
  }

  /** Whether a value of this length could be held if it were alone. */
  fits(length: number): boolean {
    return length + ENTRY_COST <= this.#bound.maxBytes;
  }

  use(held: Held): void {
    if (held.uses < MOST_USES) held.uses++;
  }

  /** Takes in a value that fits. */
  add(held: Held): void {
    while (!this.#hasRoom(costOf(held), 1)) this.#step();
    const known = this.#traces.take(held.name, this.entries);
    (known ? this.#main : this.#small).push(held);
  }

  /** Exchanges the bytes of a value for others that fit. */
  exchange(held: Held, bytes: Uint8Array): void {
    this.use(held);
    const queue = held.queue as Queue;
    if (this.#hasRoom(bytes.length - held.bytes.length, 0)) {
      queue.exchange(held, bytes);
      return;
    }
    // Out of its queue first: room for a value is never made by evicting that value.
    queue.remove(held);
    while (!this.#hasRoom(bytes.length + ENTRY_COST, 1)) this.#step();
    held.bytes = bytes;
    queue.push(held);
  }

  /** Takes a value out because somebody wants it to go. */
  remove(held: Held): void {
    held.queue?.remove(held);
  }

  /** From here to {@link Residents.endReading} the value is evicted only when nothing else is left to evict. */
  beginReading(held: Held): void {
    if (held.readers++ > 0 || held.queue === undefined) return;
    held.home = held.queue;
    this.#reading.push(held);
  }

  endReading(held: Held): void {
    if (--held.readers === 0 && held.queue === this.#reading) held.home?.push(held);
  }

  #hasRoom(cost: number, entries: number): boolean {
    return this.bytes + cost <= this.#bound.maxBytes && this.entries + entries <= this.#bound.maxEntries;
  }

  /** Evicts one value, or lets one that was used stay a while longer. */
  #step(): void {
    const [small, main] = [this.#small.oldest, this.#main.oldest];
    if (small !== undefined && (main === undefined || this.#smallIsFull())) {
      if (small.uses > 0) this.#promote(small);
      else this.#evict(small, true);
    } else if (main !== undefined) {
      if (main.uses > 0) this.#keep(main);
      else this.#evict(main, false);
    } else if (this.#reading.oldest !== undefined) {
      this.#evict(this.#reading.oldest, false);
    }
  }

  #smallIsFull(): boolean {
    const { maxBytes, maxEntries } = this.#bound;
    return this.#small.cost * PROBATION >= maxBytes || this.#small.length * PROBATION >= maxEntries;
  }

  #promote(held: Held): void {
    held.uses = 0;
    this.#main.push(held);
  }

  #keep(held: Held): void {
    held.uses--;
    this.#main.push(held);
  }

  #evict(held: Held, traced: boolean): void {
    held.queue?.remove(held);
    this.evictions++;
    if (traced) this.#traces.leave(held.name, this.entries + 1);
    this.#gone(held);
  }
}
