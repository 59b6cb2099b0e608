import { setImmediate as nextTurn } from "node:timers/promises";
import { CacheError, type CallOptions, notify, storeError } from "@cache/core/adapter";
import type { StoreRoot } from "../root.ts";
import { countAll } from "./count.ts";
import { type Eviction, Tally } from "./eviction.ts";
import { flushAtExit } from "./exit.ts";
import { Ledger } from "./ledger.ts";
import { type Amount, costOf, exceeds, magnitude, NOTHING, shareOf } from "./limits.ts";
import { Reduction } from "./reduction.ts";

/** From here on puts wait until there is room: a loop of puts that never lets other work have a turn would outrun it. */
const HARD = 17 / 16;

/**
 * Milliseconds that a put waits at most. Where many processes put at once there may never be room enough, and a value
 * that waits grows old meanwhile.
 */
const LONGEST_WAIT = 250;

/** A total above this is counted anew before anything goes: one that somebody invented must not empty a store. */
const DOUBTFUL = 9 / 8;

/** Milliseconds: what processes without limits or killed ones did not tell is found after that. */
const OLD_COUNT = 86_400_000;

/** Milliseconds until what this process keeps to itself is told, however little it is. */
const TELLING = 100;

/** Milliseconds until the next attempt when one could not make enough room. */
const PAUSE = 1000;

/** The share of the limits that a process keeps to itself before it tells the others at once. */
const UNTOLD = 1 / 256;

/** How a store keeps within limits. */
export interface RoomOptions {
  readonly root: StoreRoot;
  readonly limits: Amount;
  readonly onEviction?: ((eviction: Eviction) => void) | undefined;
}

/**
 * Keeps a store within its limits, beside the calls of the store. Each change is added to an estimate that all processes
 * share; when that is too high, what was used least recently goes. No put waits for a look at all values.
 */
export class Room {
  readonly #root: StoreRoot;
  readonly #limits: Amount;
  readonly #onEviction: RoomOptions["onEviction"];
  readonly #ledger: Ledger;
  readonly #reduction: Reduction;
  #scheduled = false;
  #running: Promise<Eviction> | undefined;
  /** Whether something changed that the running reduction may not have seen. */
  #isLate = false;
  #pausedUntil = 0;

  constructor({ root, limits, onEviction }: RoomOptions) {
    this.#root = root;
    this.#limits = limits;
    this.#onEviction = onEviction;
    this.#ledger = new Ledger(root);
    this.#reduction = new Reduction(root, limits, this.#ledger);
  }

  /** @throws CacheError ERR_CACHE_LIMIT for a value that could not be kept even alone */
  admit(length: number): void {
    if (costOf(length) <= this.#limits.bytes) return;
    throw new CacheError("ERR_CACHE_LIMIT", "the value is longer than all that the store may keep");
  }

  /** Takes note of a change. @returns what to wait for, never rejecting, when there is far too much by now */
  changed(amount: Amount): Promise<unknown> | undefined {
    this.#ledger.add(amount);
    if (exceeds(magnitude(this.#ledger.pending), shareOf(this.#limits, UNTOLD))) this.#check();
    else this.#checkLater();
    if (this.#running === undefined) return undefined;
    // While nothing is counted, only what came from here is known.
    const { estimate, pending } = this.#ledger;
    const tooMuch = shareOf(this.#limits, estimate === undefined ? HARD - 1 : HARD);
    return exceeds(estimate ?? pending, tooMuch) ? within(this.#running, LONGEST_WAIT) : undefined;
  }

  /** Counts everything anew, whatever the estimate says, and removes what is too much. */
  async evict({ signal }: CallOptions = {}): Promise<Eviction> {
    signal?.throwIfAborted();
    while (this.#running !== undefined) await this.#running;
    signal?.throwIfAborted();
    return await this.#start(true, signal);
  }

  #checkLater(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const takeBack = flushAtExit(this.#ledger);
    const timer = setTimeout(() => {
      this.#scheduled = false;
      takeBack();
      this.#check();
    }, TELLING);
    // A process that has nothing else to do ends; what it has to tell it tells then.
    timer.unref();
  }

  #check(): void {
    const total = this.#trusted();
    if (this.#running !== undefined) this.#isLate = true;
    if (this.#running !== undefined || Date.now() < this.#pausedUntil) return;
    if (total === undefined || exceeds(total, this.#limits)) void this.#start(false);
  }

  /** The estimate, if it can be relied on for removing something. */
  #trusted(): Amount | undefined {
    const count = this.#ledger.flush();
    if (count === undefined || Math.abs(Date.now() - count.counted) > OLD_COUNT) return undefined;
    return exceeds(count.total, shareOf(this.#limits, DOUBTFUL)) ? undefined : count.total;
  }

  #start(anew: boolean, signal?: AbortSignal): Promise<Eviction> {
    this.#isLate = false;
    this.#running = this.#run(anew, signal).finally(() => {
      this.#running = undefined;
      if (this.#isLate) this.#checkLater();
    });
    return this.#running;
  }

  async #run(anew: boolean, signal?: AbortSignal): Promise<Eviction> {
    const tally = new Tally();
    try {
      await nextTurn();
      const known = anew ? undefined : this.#trusted();
      const total = await this.#reduction.reduce(known ?? (await this.#count(signal)), tally, signal);
      if (exceeds(total, this.#limits)) this.#pausedUntil = Date.now() + PAUSE;
    } catch (error) {
      this.#pausedUntil = Date.now() + PAUSE;
      tally.broke(storeError("making room", error, signal) as CacheError);
    }
    const eviction = tally.report();
    if (eviction.count > 0 || eviction.error !== undefined) notify(this.#onEviction, eviction);
    return eviction;
  }

  async #count(signal?: AbortSignal): Promise<Amount> {
    const found = this.#root.look();
    if (found === undefined) return NOTHING;
    const since = this.#ledger.mark();
    const total = await countAll(found, signal);
    this.#ledger.replace(total, since);
    return this.#ledger.estimate ?? total;
  }
}

/** Resolves when the work is over, or after so many milliseconds. */
async function within(work: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
