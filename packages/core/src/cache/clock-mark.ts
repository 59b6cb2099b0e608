import { crypto } from "#platform";
import { pae } from "../bytes/pae.ts";
import type { MonotonicStore } from "../ports/monotonic-store.ts";
import { CLOCK_SKEW } from "../record/time.ts";

/** Milliseconds by which the time that is remembered may lag behind the one that was seen: a write a minute is enough. */
const FINENESS = 60_000;

const NO_DIGEST = new Uint8Array(32);

/** The latest time that any clock beside a memory has shown (format, "Rollback"). */
export class ClockMark {
  readonly #store: MonotonicStore;
  readonly #scope: Uint8Array;
  /** As far as this process knows; nothing before it has asked. */
  #latest: number | undefined;

  constructor(store: MonotonicStore) {
    this.#store = store;
    this.#scope = crypto.sha256(pae("cache/v1/rollback-clock"));
  }

  /** Remembers the time, and tells whether a later one was seen than clocks may differ by. */
  async isAhead(now: number): Promise<boolean> {
    if (this.#latest === undefined || now >= this.#latest + FINENESS) {
      const { sequence } = await this.#store.advance(this.#scope, { sequence: now, digest: NO_DIGEST });
      this.#latest = Math.max(sequence, now);
    }
    return this.#latest > now + CLOCK_SKEW;
  }
}
