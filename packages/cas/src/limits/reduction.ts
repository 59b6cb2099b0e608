import { setImmediate as nextTurn } from "node:timers/promises";
import { type CacheError, storeError } from "@cache/core/adapter";
import type { StoreRoot } from "../root.ts";
import { type Candidate, GRACE } from "./candidate.ts";
import type { Tally } from "./eviction.ts";
import type { Inventory } from "./inventory.ts";
import type { Ledger } from "./ledger.ts";
import { type Amount, exceeds, NOTHING, shareOf } from "./limits.ts";
import { removeCandidate } from "./removal.ts";
import { sample } from "./sample.ts";

/** What is left when values older than the grace went: the next puts find room, so that not each of them has to make it. */
const KEPT = 0.9;

/** Removals before other work gets a turn. */
const BATCH = 16;

/** Samples in a row of which nothing could be removed, after which a reduction gives up for now. */
const IDLE_SAMPLES = 3;

/** What a reduction works on. */
export interface ReductionOptions {
  readonly root: StoreRoot;
  readonly limits: Amount;
  readonly ledger: Ledger;
  readonly inventory: Inventory;
}

/** Removes what was used least recently, one sample after another. */
export class Reduction {
  readonly #root: StoreRoot;
  readonly #limits: Amount;
  readonly #ledger: Ledger;
  readonly #inventory: Inventory;
  /** The next to go is the last. */
  #queue: Candidate[] = [];

  constructor({ root, limits, ledger, inventory }: ReductionOptions) {
    this.#root = root;
    this.#limits = limits;
    this.#ledger = ledger;
    this.#inventory = inventory;
  }

  /** Removes what could not be kept even alone. No account has it, so nothing is told of its going. */
  async removeOversize(oversize: readonly Candidate[], tally: Tally, signal?: AbortSignal): Promise<void> {
    for (const candidate of oversize) {
      signal?.throwIfAborted();
      await this.#remove(candidate, tally);
    }
  }

  /** Removes until the limits are kept. @returns what is left */
  async reduce(before: Amount, tally: Tally, signal?: AbortSignal): Promise<Amount> {
    let total = before;
    let idle = 0;
    if (!exceeds(total, this.#limits)) return total;
    for (let rounds = 1; ; rounds++) {
      if (rounds % BATCH === 0) await nextTurn();
      signal?.throwIfAborted();
      const next = this.#queue.at(-1);
      if (next === undefined) {
        if (!exceeds(total, this.#limits) || idle === IDLE_SAMPLES) return total;
        idle += 1;
        await this.#refill(signal);
      } else if (!exceeds(total, this.#goal(next))) return total;
      else {
        this.#queue.pop();
        const freed = await this.#remove(next, tally);
        if (freed !== undefined) idle = 0;
        total = this.#left(freed);
      }
    }
  }

  async #refill(signal?: AbortSignal): Promise<void> {
    const found = this.#root.look();
    this.#queue = found === undefined ? [] : await sample(found, this.#limits.bytes, signal);
  }

  /** What is young goes only as far as it must. */
  #goal({ last }: Candidate): Amount {
    return Date.now() - last < GRACE ? this.#limits : shareOf(this.#limits, KEPT);
  }

  async #remove(candidate: Candidate, tally: Tally): Promise<Amount | undefined> {
    try {
      const isOversize = candidate.cost.bytes > this.#limits.bytes;
      const freed = await removeCandidate(this.#root, candidate, isOversize);
      if (freed === undefined) return undefined;
      tally.removed(freed.bytes);
      return isOversize ? NOTHING : freed;
    } catch (error) {
      tally.kept(storeError("removing a value to make room", error) as CacheError);
      return undefined;
    }
  }

  /**
   * What is left by all accounts. Other processes remove too, and what could not be removed they have removed, most of the
   * time: who went on by its own account would go down to what was put just now. So each removal is told at once.
   */
  #left(freed: Amount = NOTHING): Amount {
    this.#ledger.add({ bytes: -freed.bytes, entries: -freed.entries });
    return this.#inventory.left();
  }
}
