import { ENTRY_COST, type Held, MOST_USES } from "./held.ts";
import { Queue } from "./queue.ts";

/** The bound. */
export interface Bound {
  readonly maxBytes: number;
  readonly maxEntries: number;
}

/** A tenth of the bound is for values that have yet to show that they are used, as the paper of the policy has it. */
const PROBATION = 10;

/**
 * Who stays and who goes, within a bound of bytes and of entries: S3-FIFO (Yang et al., SOSP 2023). New values pass
 * through a small queue, and only those used more than once in it enter the main one, so a scan of values used once
 * cannot wash out the others. What fell out of the small queue leaves a trace, and enters the main one when it comes
 * again. No operation looks at more members than the values put and used before it have paid for.
 */
export class Residents {
  evictions = 0;
  readonly #bound: Bound;
  readonly #forget: (held: Held) => void;
  readonly #small = new Queue();
  readonly #main = new Queue();
  readonly #reading = new Queue();
  readonly #traces = new Queue();

  /** @param forget - told of each name that is neither held nor traced any more */
  constructor(bound: Bound, forget: (held: Held) => void) {
    this.#bound = bound;
    this.#forget = forget;
  }

  /** Values held. */
  get entries(): number {
    return this.#small.length + this.#main.length + this.#reading.length;
  }

  /** What they cost, their fixed cost included. */
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

  /** Takes in a value that {@link Residents.fits}, for a name that is new, traced, or held with another value. */
  put(held: Held, bytes: Uint8Array): void {
    const { queue } = held;
    if (held.bytes !== undefined && queue !== undefined && this.#hasRoom(bytes.length - held.bytes.length, 0)) {
      queue.exchange(held, bytes);
      this.use(held);
      return;
    }
    // Out of every queue first: room for a value is never made by evicting the value's own name.
    queue?.remove(held);
    held.bytes = undefined;
    while (!this.#hasRoom(bytes.length + ENTRY_COST, 1)) this.#step();
    held.bytes = bytes;
    held.uses = 0;
    (queue === undefined || queue === this.#small ? this.#small : this.#main).push(held);
  }

  /** Takes a value out, at the caller's wish. */
  remove(held: Held): void {
    held.queue?.remove(held);
    held.bytes = undefined;
    this.#forget(held);
  }

  /** From here to {@link Residents.endReading} the value is evicted only when nothing else is left to evict. */
  beginReading(held: Held): void {
    if (held.readers++ > 0 || held.queue === undefined) return;
    held.home = held.queue;
    this.#reading.push(held);
  }

  endReading(held: Held): void {
    if (--held.readers > 0 || held.queue !== this.#reading) return;
    held.home?.push(held);
  }

  #hasRoom(cost: number, entries: number): boolean {
    return this.bytes + cost <= this.#bound.maxBytes && this.entries + entries <= this.#bound.maxEntries;
  }

  /** Evicts one value, or lets one that was used stay a while longer. */
  #step(): void {
    const [small, main] = [this.#small.oldest, this.#main.oldest];
    if (small !== undefined && (main === undefined || this.#smallIsFull())) {
      if (small.uses > 1) this.#promote(small);
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
    held.bytes = undefined;
    this.evictions++;
    if (traced) this.#traces.push(held);
    else this.#forget(held);
    while (this.#traces.length > this.entries) {
      const trace = this.#traces.oldest as Held;
      this.#traces.remove(trace);
      this.#forget(trace);
    }
  }
}
