import { costOf, type Held, type Line } from "./held.ts";

/** First in, first out, and every operation of constant cost: a linked list that knows its length and its cost. */
export class Queue implements Line {
  length = 0;
  /** Sum of what its members cost. */
  cost = 0;
  oldest: Held | undefined;
  #newest: Held | undefined;

  /** Puts it at the young end, out of whatever queue it is in. */
  push(held: Held): void {
    held.queue?.remove(held);
    held.queue = this;
    held.older = this.#newest;
    if (this.#newest === undefined) this.oldest = held;
    else this.#newest.newer = held;
    this.#newest = held;
    this.length++;
    this.cost += costOf(held);
  }

  /** Takes out one of its members. */
  remove(held: Held): void {
    if (held.older === undefined) this.oldest = held.newer;
    else held.older.newer = held.newer;
    if (held.newer === undefined) this.#newest = held.older;
    else held.newer.older = held.older;
    held.queue = undefined;
    held.older = undefined;
    held.newer = undefined;
    this.length--;
    this.cost -= costOf(held);
  }

  /** Exchanges the value of one of its members, which stays where it is. */
  exchange(held: Held, bytes: Uint8Array): void {
    this.cost -= costOf(held);
    held.bytes = bytes;
    this.cost += costOf(held);
  }
}
