import { crypto } from "#platform";
import { storeError } from "../adapter/store-error.ts";
import { pae } from "../bytes/pae.ts";
import { CacheError } from "../errors.ts";
import type { MonotonicStore, Seen } from "../ports/monotonic-store.ts";
import type { SealContext } from "../ports/sealer.ts";
import { encodeStatement, type Statement } from "../record/statement.ts";
import { CLOCK_SKEW } from "../record/time.ts";
import { ClockMark } from "./clock-mark.ts";

/** After a delete no entry of its sequence is believed: none has this digest. */
const DELETED = new Uint8Array(32);

const scopeOf = ({ namespace, key }: SealContext): Uint8Array =>
  crypto.sha256(pae("cache/v1/rollback", namespace, key));

const seenOf = (statement: Statement): Seen => ({
  sequence: statement.sequence,
  digest: crypto.sha256(encodeStatement(statement)),
});

const rolledBack = (why: string): CacheError => new CacheError("ERR_CACHE_ROLLBACK", why);

/** Refuses entries that are older than one that was seen of the same name (format, "Rollback"). */
export class RollbackGuard {
  readonly #store: MonotonicStore;
  readonly #clock: ClockMark;

  constructor(store: MonotonicStore) {
    this.#store = store;
    this.#clock = new ClockMark(store);
  }

  /**
   * Whether a later time was seen than clocks may differ by: then nobody knows which entries have expired since.
   * @throws CacheError `ERR_CACHE_STORE`
   */
  async isClockBehind(now: number): Promise<boolean> {
    try {
      return await this.#clock.isAhead(now);
    } catch (error) {
      throw storeError("remembering the time", error);
    }
  }

  /**
   * Checks an entry whose proof holds, and remembers it when it is the newest so far.
   * @throws CacheError `ERR_CACHE_ROLLBACK`, `ERR_CACHE_STORE`
   */
  async check(context: SealContext, statement: Statement, now: number): Promise<void> {
    const [scope, entry] = [scopeOf(context), seenOf(statement)];
    const seen = await this.#get(scope);
    if (seen !== undefined && entry.sequence < seen.sequence) throw rolledBack("a newer entry was seen");
    if (seen !== undefined && entry.sequence === seen.sequence) {
      // Whatever the clock says by now: this one was in its time when it was remembered.
      if (crypto.equal(entry.digest, seen.digest)) return;
      throw rolledBack("another entry of this sequence was seen");
    }
    // With a stolen key a name could otherwise be put out of everybody's reach for good.
    if (entry.sequence > now + CLOCK_SKEW) throw rolledBack("the entry's sequence lies in the future");
    await this.#advance(scope, entry);
  }

  /**
   * The sequence for an entry that is written now.
   * @throws CacheError `ERR_CACHE_ROLLBACK` when what was seen lies so far ahead that no reader would believe the entry
   */
  async next(context: SealContext, now: number): Promise<number> {
    await this.isClockBehind(now);
    const sequence = await this.#above(context, now);
    if (sequence <= now + CLOCK_SKEW) return sequence;
    throw rolledBack("what was seen of this name lies in the future: a clock was ahead, or this one is behind");
  }

  /** Remembers an entry that was just written. @returns false when another writer was first with its sequence, or past it */
  async wrote(context: SealContext, statement: Statement): Promise<boolean> {
    const ours = seenOf(statement);
    const newest = await this.#advance(scopeOf(context), ours);
    return ours.sequence === newest.sequence && crypto.equal(ours.digest, newest.digest);
  }

  /** Called before the bytes go, so that there is no time when neither they nor this says what was. */
  async deletes(context: SealContext, now: number): Promise<void> {
    await this.isClockBehind(now);
    await this.#advance(scopeOf(context), { sequence: await this.#above(context, now), digest: DELETED });
  }

  /**
   * As {@link RollbackGuard.deletes}, where only another's entry says that there is such a name: whoever plants a million of them fills
   * no memory.
   */
  async deletesSeen(context: SealContext, now: number): Promise<void> {
    if ((await this.#get(scopeOf(context))) !== undefined) await this.deletes(context, now);
  }

  async #above(context: SealContext, now: number): Promise<number> {
    const seen = await this.#get(scopeOf(context));
    return seen === undefined ? now : Math.max(now, seen.sequence + 1);
  }

  async #get(scope: Uint8Array): Promise<Seen | undefined> {
    try {
      return await this.#store.get(scope);
    } catch (error) {
      throw storeError("looking for what was seen", error);
    }
  }

  async #advance(scope: Uint8Array, seen: Seen): Promise<Seen> {
    try {
      return await this.#store.advance(scope, seen);
    } catch (error) {
      throw storeError("remembering what was seen", error);
    }
  }
}
