import { errno } from "../failures.ts";
import type { Found, StoreRoot } from "../root.ts";
import type { Candidate } from "./candidate.ts";
import { count, type Seen } from "./count.ts";
import type { Ledger } from "./ledger.ts";
import { type Amount, difference, exceeds, least, magnitude, NOTHING, shareOf, sum, times } from "./limits.ts";

/** Milliseconds: what processes without limits or killed ones did not tell is found after that. */
const OLD_COUNT = 86_400_000;

/**
 * The share of the limits by which the ledger may say other than what was seen. As much again is what anybody can make a
 * reduction remove without need, by writing to the ledger; the smaller it is, the sooner others' puts make a process look again.
 */
const DOUBT = 1 / 16;

/** Files after which a part of a large store stands for all: by as many the total is known to a percent, lengths being alike. */
const ENOUGH = 16_384;

/** What a look brought to light. */
export interface Look {
  /** What there is. */
  readonly total: Amount;
  /** What could not be kept even alone. */
  readonly oversize: readonly Candidate[];
}

/**
 * What this process knows of a store by its own eyes, as against what the ledger says, where anybody may have written
 * anything. The ledger is believed as long as it does not differ by more than a doubt from what was seen here and has
 * come and gone from here since; a store that nobody here has seen yet is looked at before anything goes.
 */
export class Inventory {
  readonly #root: StoreRoot;
  readonly #limits: Amount;
  readonly #ledger: Ledger;
  readonly #doubt: Amount;
  /** What was seen, less what had come from here by then; `undefined` before the first look. */
  #seen: Amount | undefined;
  /** Why the ledger lacks what was seen last. */
  #unwritten: unknown;

  constructor(root: StoreRoot, limits: Amount, ledger: Ledger) {
    this.#root = root;
    this.#limits = limits;
    this.#ledger = ledger;
    this.#doubt = shareOf(limits, DOUBT);
  }

  /** What there is, if that is known well enough: nothing goes by what the ledger says alone. */
  known(): Amount | undefined {
    const told = this.#told();
    if (told === undefined) return undefined;
    // Less than came from here alone is not what there is.
    const tooLittle = exceeds(difference(this.#ledger.own, told), this.#doubt);
    if (this.#seen === undefined) return exceeds(told, this.#limits) || tooLittle ? undefined : told;
    return this.#agrees(told, this.#mine(this.#seen)) ? told : undefined;
  }

  /**
   * What is left, in the middle of a reduction. Others put and remove meanwhile, and what they tell counts; but never for
   * more than the doubt above what was seen, so that no line that somebody writes now makes more go than that.
   */
  left(): Amount {
    const mine = this.#mine(this.#seen ?? NOTHING);
    const told = this.#ledger.flush()?.total;
    return told === undefined ? mine : least(told, sum(mine, this.#doubt));
  }

  /**
   * Looks at the store. Of a large one a part will do if that confirms what the ledger says, which is then believed;
   * otherwise everything is counted and told to the others.
   * @param anew - count everything, whatever the ledger says
   */
  async look(anew: boolean, signal?: AbortSignal): Promise<Look> {
    const found = this.#root.look();
    if (found === undefined) return { total: NOTHING, oversize: [] };
    const now = this.#told();
    const told = anew ? undefined : now;
    const { estimate, own, id } = this.#ledger;
    const first = await this.#count(found, told === undefined ? Number.POSITIVE_INFINITY : ENOUGH, signal);
    if (told !== undefined && this.#agrees(told, first.amount)) {
      this.#seen = difference(first.isWhole ? first.amount : told, own);
      return { total: this.left(), oversize: first.oversize };
    }
    const { amount, oversize } = first.isWhole ? first : await this.#count(found, Number.POSITIVE_INFINITY, signal);
    this.#seen = difference(amount, own);
    this.#begin(id, estimate && difference(estimate, own));
    return { total: this.left(), oversize };
  }

  /** Tells others what could not be told when it was counted, a full medium having more room by now. @throws why it still cannot */
  settle(): void {
    if (this.#unwritten !== undefined) this.#begin(this.#ledger.id, undefined);
    if (this.#unwritten !== undefined) throw this.#unwritten;
  }

  /**
   * Begins a ledger with what was seen, and with what others told since. The count may have met some of that: better to
   * believe that there is a little more. When another process has begun one meanwhile, its count stays.
   */
  #begin(id: string | undefined, others: Amount | undefined): void {
    const told = this.#ledger.flush();
    if (told?.id !== id || this.#seen === undefined) return;
    const since = told && others && difference(difference(told.total, this.#ledger.own), others);
    try {
      this.#ledger.begin(sum(this.#mine(this.#seen), since === undefined ? NOTHING : this.#bounded(since)));
      this.#unwritten = undefined;
    } catch (error) {
      // Nothing can be removed from such a medium either.
      if (errno(error) === "EROFS") throw error;
      // On a full one room can be made all the same, and has to be: what was seen here is enough for that.
      this.#unwritten = error;
    }
  }

  /** What the ledger says, unless all was counted long ago. */
  #told(): Amount | undefined {
    const told = this.#ledger.flush();
    return told !== undefined && Math.abs(Date.now() - told.counted) <= OLD_COUNT ? told.total : undefined;
  }

  #count(found: Found, enough: number, signal?: AbortSignal): Promise<Seen> {
    return count(found, { room: this.#limits.bytes, enough, signal });
  }

  #mine(seen: Amount): Amount {
    return sum(seen, this.#ledger.own);
  }

  #agrees(one: Amount, other: Amount): boolean {
    return !exceeds(magnitude(difference(one, other)), this.#doubt);
  }

  #bounded(change: Amount): Amount {
    const upper = least(change, this.#doubt);
    return times(least(times(upper, -1), this.#doubt), -1);
  }
}
