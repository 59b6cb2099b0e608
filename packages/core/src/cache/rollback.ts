import { crypto } from "#platform";
import { storeError } from "../adapter/store-error.ts";
import { pae } from "../bytes/pae.ts";
import { CacheError } from "../errors.ts";
import type { MonotonicStore, Seen } from "../ports/monotonic-store.ts";
import type { SealContext } from "../ports/sealer.ts";
import { encodeStatement, type Statement } from "../record/statement.ts";
import { CLOCK_SKEW } from "../record/time.ts";

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

  constructor(store: MonotonicStore) {
    this.#store = store;
  }

  /**
   * Checks an entry whose proof holds, and remembers it when it is the newest so far.
   * @throws CacheError `ERR_CACHE_ROLLBACK`, `ERR_CACHE_STORE`
   */
  async check(context: SealContext, statement: Statement, now: number): Promise<void> {
    // With a stolen key a name could otherwise be put out of everybody's reach for good.
    if (statement.sequence > now + CLOCK_SKEW) throw rolledBack("the entry's sequence lies in the future");
    const [scope, entry] = [scopeOf(context), seenOf(statement)];
    const seen = await this.#get(scope);
    if (seen !== undefined && entry.sequence < seen.sequence) throw rolledBack("a newer entry was seen");
    const same = seen !== undefined && entry.sequence === seen.sequence;
    if (same && !crypto.equal(entry.digest, seen.digest)) throw rolledBack("another entry of this sequence was seen");
    if (!same) await this.#advance(scope, entry);
  }

  /**
   * The sequence for an entry that is written now.
   * @throws CacheError `ERR_CACHE_ROLLBACK` when what was seen lies so far ahead that no reader would believe the entry
   */
  async next(context: SealContext, now: number): Promise<number> {
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
    await this.#advance(scopeOf(context), { sequence: await this.#above(context, now), digest: DELETED });
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
