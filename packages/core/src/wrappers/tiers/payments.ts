import { forEachLimited } from "../../cache/limited.ts";
import type { Name } from "../../ports/store.ts";
import type { Debts } from "./debts.ts";

/** How debts are paid. */
export interface PaymentOptions {
  /** Milliseconds between two tries; doubled up to a minute while they fail. */
  readonly pause: number;
  /** Pays one. */
  readonly pay: (name: Name) => Promise<void>;
  /** Called when all are. */
  readonly paid: () => void;
}

const LONGEST_PAUSE = 60_000;

/** Debts that are paid at once. */
const AT_ONCE = 8;

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
    try {
      while (this.#debts.size > 0) await forEachLimited(this.#debts.names(), AT_ONCE, this.#options.pay);
    } catch (error) {
      this.#failures++;
      throw error;
    }
    this.#failures = 0;
    this.#options.paid();
  }
}
