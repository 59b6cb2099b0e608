import { setImmediate as nextTurn } from "node:timers/promises";
import { CacheError, type CallOptions, notify, storeError } from "@cache/core/adapter";
import type { StoreRoot } from "../root.ts";
import { type Eviction, Tally } from "./eviction.ts";
import { flushAtExit } from "./exit.ts";
import { Inventory } from "./inventory.ts";
import { Ledger } from "./ledger.ts";
import { type Amount, costOf, exceeds, fits, magnitude, shareOf } from "./limits.ts";
import { Reduction } from "./reduction.ts";

/** From here on puts wait until there is room: a loop of puts that never lets other work have a turn would outrun it. */
const HARD = 17 / 16;

/**
 * Milliseconds that a put waits at most. Where many processes put at once there may never be room enough, and a value
 * that waits grows old meanwhile.
 */
const LONGEST_WAIT = 250;

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
  readonly #limits: Amount;
  readonly #onEviction: RoomOptions["onEviction"];
  readonly #ledger: Ledger;
  readonly #inventory: Inventory;
  readonly #reduction: Reduction;
  #scheduled = false;
  #running: Promise<void> | undefined;
  #making: Promise<Eviction> | undefined;
  /** How much ever went. */
  #removed = 0;
  /** Whether something changed that the running reduction may not have seen. */
  #isLate = false;
  /** By a clock that nobody sets. */
  #pausedAt = Number.NEGATIVE_INFINITY;

  constructor({ root, limits, onEviction }: RoomOptions) {
    this.#limits = limits;
    this.#onEviction = onEviction;
    this.#ledger = new Ledger(root);
    this.#inventory = new Inventory(root, limits, this.#ledger);
    this.#reduction = new Reduction({ root, limits, ledger: this.#ledger, inventory: this.#inventory });
  }

  /** @throws CacheError ERR_CACHE_LIMIT for a value that could not be kept with what belongs to it */
  admit(length: number): void {
    if (fits(length, this.#limits)) return;
    throw new CacheError(
      "ERR_CACHE_LIMIT",
      "with its entry and their notes the value takes more than the store may keep",
    );
  }

  /** Whether a file of a length is in the account. */
  counts(length: number): boolean {
    return costOf(length) <= this.#limits.bytes;
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

  /**
   * For a put that finds the medium full: brings the store within its limits at once.
   * @returns whether anything went, so that it is worth another attempt
   */
  async makeRoom(): Promise<boolean> {
    if (this.#running === undefined && this.#isPaused) return false;
    const before = this.#removed;
    // Many puts may find it full at once; one count is enough for them all.
    this.#making ??= this.evict().finally(() => {
      this.#making = undefined;
    });
    await this.#making;
    const isRoom = this.#removed > before;
    if (!isRoom) this.#pausedAt = performance.now();
    return isRoom;
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
    const total = this.#inventory.known();
    if (this.#running !== undefined) this.#isLate = true;
    if (this.#running !== undefined || this.#isPaused) return;
    // What goes wrong is told to `onEviction`.
    if (total === undefined || exceeds(total, this.#limits)) this.#start(false).catch(() => undefined);
  }

  get #isPaused(): boolean {
    return performance.now() - this.#pausedAt < PAUSE;
  }

  async #start(anew: boolean, signal?: AbortSignal): Promise<Eviction> {
    this.#isLate = false;
    const work = this.#run(anew, signal);
    // Who waits for it waits for its end; how it ended is for whoever began it.
    const ended = work.then(
      () => undefined,
      () => undefined,
    );
    this.#running = ended.finally(() => {
      this.#running = undefined;
      if (this.#isLate) this.#checkLater();
    });
    return await work;
  }

  async #run(anew: boolean, signal?: AbortSignal): Promise<Eviction> {
    const tally = new Tally();
    try {
      await nextTurn();
      await this.#reduce(anew, tally, signal);
    } catch (error) {
      if (signal?.aborted === true && error === signal.reason) {
        this.#tell(tally.report());
        throw error;
      }
      this.#pausedAt = performance.now();
      tally.broke(storeError("making room", error, signal) as CacheError);
    }
    const eviction = tally.report();
    this.#tell(eviction);
    return eviction;
  }

  async #reduce(anew: boolean, tally: Tally, signal?: AbortSignal): Promise<void> {
    let total = anew ? undefined : this.#inventory.known();
    if (total === undefined) {
      const look = await this.#inventory.look(anew, signal);
      await this.#reduction.removeOversize(look.oversize, tally, signal);
      total = look.total;
    }
    const left = await this.#reduction.reduce(total, tally, signal);
    if (exceeds(left, this.#limits)) this.#pausedAt = performance.now();
    this.#inventory.settle();
  }

  #tell(eviction: Eviction): void {
    this.#removed += eviction.count;
    if (eviction.count > 0 || eviction.error !== undefined) notify(this.#onEviction, eviction);
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
