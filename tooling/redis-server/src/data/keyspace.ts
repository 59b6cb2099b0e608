import { now } from "./clock.ts";
import { costOf, isEmpty, type Value } from "./values.ts";

interface Held {
  value: Value;
  cost: number;
  used: number;
  /** Milliseconds since 1970 UTC; undefined for ever. */
  ends: number | undefined;
}

/** How much may be held, and what goes when it is more. */
export interface Bound {
  maxmemory: number;
  policy: string;
}

/** All keys of a server. What has ended is gone for whoever looks. */
export class Keyspace {
  readonly #held = new Map<string, Held>();
  readonly bound: Bound;
  #used = 0;
  #uses = 0;

  constructor(bound: Bound) {
    this.bound = bound;
  }

  /** Sum of what the keys take, in bytes. */
  get used(): number {
    return this.#used;
  }

  get(key: string): Value | undefined {
    const held = this.#alive(key);
    if (held !== undefined) held.used = ++this.#uses;
    return held?.value;
  }

  /** When a key ends; undefined for never, or for no key. */
  ends(key: string): number | undefined {
    return this.#alive(key)?.ends;
  }

  /** Puts a value, or what became of it. What is empty is gone. */
  set(key: string, value: Value, ends?: number): void {
    this.delete(key);
    if (isEmpty(value)) return;
    const cost = costOf(key, value);
    this.#used += cost;
    this.#held.set(key, { value, cost, used: ++this.#uses, ends });
  }

  /** A value changed where it is, and takes so many bytes more or less. What became empty is gone. */
  changed(key: string, more: number): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    held.cost += more;
    this.#used += more;
    if (isEmpty(held.value)) this.delete(key);
  }

  /** Ends a key at a time, or never. @returns whether there is such a key */
  expire(key: string, ends: number | undefined): boolean {
    const held = this.#alive(key);
    if (held === undefined) return false;
    held.ends = ends;
    this.#alive(key);
    return true;
  }

  delete(key: string): boolean {
    const held = this.#alive(key);
    if (held === undefined) return false;
    this.#used -= held.cost;
    return this.#held.delete(key);
  }

  clear(): void {
    this.#held.clear();
    this.#used = 0;
  }

  keys(): string[] {
    return [...this.#held.keys()].filter((key) => this.#alive(key) !== undefined);
  }

  /** Makes room as the policy says. @returns whether there is more in use than may be */
  isOver(): boolean {
    const { maxmemory, policy } = this.bound;
    while (maxmemory > 0 && this.#used > maxmemory && policy === "allkeys-lru" && this.#held.size > 0) {
      let oldest: [string, Held] | undefined;
      for (const each of this.#held) if (oldest === undefined || each[1].used < oldest[1].used) oldest = each;
      if (oldest !== undefined) this.delete(oldest[0]);
    }
    return maxmemory > 0 && this.#used > maxmemory;
  }

  #alive(key: string): Held | undefined {
    const held = this.#held.get(key);
    if (held?.ends === undefined || held.ends > now()) return held;
    this.#used -= held.cost;
    this.#held.delete(key);
    return undefined;
  }
}
