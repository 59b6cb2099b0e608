import { forEachLimited } from "../../cache/limited.ts";
import type { Name } from "../../ports/store.ts";
import type { Debts } from "./debts.ts";
import { AT_ONCE } from "./payer.ts";

/** How debts are paid. */
export interface PaymentOptions {
  /** Milliseconds between two tries; doubled up to a minute while they fail. */
  readonly pause: number;
  /** Pays one. */
  readonly pay: (name: Name) => Promise<void>;
  /** Called when none is left. */
  readonly paid: () => void;
}

const LONGEST_PAUSE = 60_000;

/** When a store gets what it is owed. */
export class Payments {
  readonly #debts: Debts;
  readonly #options: PaymentOptions;
  #paying: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(debts: Debts, options: PaymentOptions) {
    this.#debts = debts;
    this.#options = options;
  }

  /** Begins now, unless the store has just failed. */
  soon(): void {
    if (this.#failures > 0) this.later();
    else this.#begin();
  }

  /** Begins after a pause. */
  later(): void {
    if (this.#timer !== undefined || this.#paying !== undefined) return;
    const pause = Math.min(this.#options.pause * 2 ** this.#failures, LONGEST_PAUSE);
    this.#timer = setTimeout(() => this.#begin(), pause * (0.5 + Math.random() / 2));
    // Whoever ends without a close has said nothing about what is owed; a process does not stay for it.
    (this.#timer as { unref?: () => void }).unref?.();
  }

  /** Pays all there is; those who ask meanwhile share it. @throws the first failure */
  now(): Promise<void> {
    this.end();
    this.#paying ??= this.#payAll().finally(() => {
      this.#paying = undefined;
      if (this.#debts.size > 0) this.later();
    });
    return this.#paying;
  }

  /** As {@link now}, but tries by itself: what is under way may have failed already. */
  async anew(): Promise<void> {
    await this.#paying?.catch(() => {});
    if (this.#debts.size > 0) await this.now();
  }

  /** No more tries. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #begin(): void {
    // Of a failure the store itself has told, and the next try comes by itself.
    this.now().catch(() => {});
  }

  async #payAll(): Promise<void> {
    const round = new Round(this.#debts, this.#options.pay);
    while (this.#debts.size > 0 && round.failures.length === 0) await round.run();
    if (round.failures.length > 0) {
      this.#failures = round.paid > 0 ? 1 : this.#failures + 1;
      throw round.failures[0];
    }
    this.#failures = 0;
    this.#options.paid();
  }
}

/** One look at every debt. One that fails stops no other, unless as many fail one after another as are paid at once. */
class Round {
  readonly failures: unknown[] = [];
  paid = 0;
  readonly #debts: Debts;
  readonly #pay: PaymentOptions["pay"];
  #inARow = 0;

  constructor(debts: Debts, pay: PaymentOptions["pay"]) {
    this.#debts = debts;
    this.#pay = pay;
  }

  /** Content before what names it: whoever sees an entry has to find what it needs. */
  async run(): Promise<void> {
    const rest = this.#debts.rest();
    await this.#each(this.#debts.content());
    if (this.failures.length === 0) await this.#each(rest);
  }

  async #each(names: readonly Name[]): Promise<void> {
    await forEachLimited(names, AT_ONCE, async (name) => {
      if (this.#inARow < AT_ONCE) await this.#one(name);
    });
  }

  async #one(name: Name): Promise<void> {
    try {
      await this.#pay(name);
      this.paid++;
      this.#inARow = 0;
    } catch (error) {
      this.failures.push(error);
      this.#inARow++;
    }
  }
}
