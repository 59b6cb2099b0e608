import { forEachLimited } from "../../cache/limited.ts";
import type { Name, PutOptions, PutResult, Store } from "../../ports/store.ts";
import type { NameLocks } from "../name-locks.ts";
import { type Debt, type Debts, isContent } from "./debts.ts";
import { isFailure, type TierEvent } from "./failures.ts";
import type { Landings } from "./landings.ts";

/** Whom it pays, and what. */
export interface PayerOptions {
  readonly store: Store;
  /** What this process has put in the store. */
  readonly landings: Landings;
  readonly debts: Debts;
  /** Held for a name while that is paid. */
  readonly locks: NameLocks;
  readonly tell: (type: Extract<TierEvent["type"], "superseded" | "lost">, error?: unknown) => void;
}

/** Debts that are paid at once. */
export const AT_ONCE = 8;

/** Gives a store what it is owed under a name, and never an entry before the content that it may name. */
export class Payer {
  readonly #options: PayerOptions;

  constructor(options: PayerOptions) {
    this.#options = options;
  }

  /** Pays what is owed under a name, if anything is. @throws what the store failed with; it is owed still */
  pay(name: Name): Promise<void> {
    return this.#options.locks.change(name, () => this.payLocked(name));
  }

  /** As {@link pay}, for who holds the lock of the name. */
  async payLocked(name: Name): Promise<void> {
    const { debts, tell } = this.#options;
    const debt = debts.get(name);
    if (debt === undefined) return;
    let left: Parameters<typeof tell> | undefined;
    try {
      if (!(await this.#give(name, debt))) left = ["superseded"];
    } catch (error) {
      if (isFailure(error, undefined)) {
        debt.tries++;
        throw error;
      }
      // The store will never take this one: kept, it would be in the way of all others.
      left = ["lost", error];
    }
    debts.remove(name, debt);
    if (left !== undefined) tell(...left);
  }

  /** Puts something at once, in the place of what is owed, for who holds the lock of the name. */
  async putLocked(name: Name, bytes: Uint8Array, options?: PutOptions): Promise<PutResult> {
    const { store, debts } = this.#options;
    const result = await store.put(name, bytes, options);
    if (result.written) debts.remove(name);
    return result;
  }

  /** Pays content first, for an entry that is about to be put. @throws the first failure, and the reason of the signal */
  async payContent(names: readonly Name[], signal?: AbortSignal): Promise<void> {
    await forEachLimited(names, AT_ONCE, (name) => {
      signal?.throwIfAborted();
      return this.pay(name);
    });
  }

  /** @returns false when the store has a newer one */
  async #give(name: Name, debt: Debt): Promise<boolean> {
    const { store, debts, landings } = this.#options;
    const { bytes, keepUntil, since } = debt;
    if (!isContent(name)) {
      // It may have come since the others were looked at, and its content with it.
      await this.payContent(debts.contentBefore(debt));
      const stat = await store.stat(name);
      if (stat !== undefined && landings.mayBeNewer(name, stat, since)) return false;
    }
    await this.putLocked(name, bytes, { keepUntil });
    return true;
  }
}
