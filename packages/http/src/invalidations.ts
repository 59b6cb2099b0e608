import type { Cache, CallOptions } from "@cache/core";
import { RecentMap } from "@cache/core/adapter";

/** How long a response is under way, in milliseconds: so long others hear that older ones do not count. */
const LONGEST = 600_000;
/** Invalidations of this process that are remembered. */
const MOST = 10_000;

/**
 * When responses were last invalidated, by this process or another that shares the cache, in milliseconds since 1970 UTC: what was asked
 * for then or before is not stored after it. Minus infinity where nothing is known of one.
 */
export class Invalidations {
  readonly #cache: Cache;
  readonly #own = new RecentMap<string, number>(MOST);

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** Of this process, from now on. */
  begin(key: string): number {
    const now = Date.now();
    this.#own.set(key, now);
    return now;
  }

  /** For the other processes. What they store from here on they look at again. */
  async announce(key: string, time: number, options: CallOptions): Promise<void> {
    await this.#cache.set(noteOf(key), time, { ...options, ttl: LONGEST });
  }

  /** By this process. */
  own(key: string): number {
    return this.#own.get(key) ?? Number.NEGATIVE_INFINITY;
  }

  /** By anybody, as the others say it and not as it is remembered here. */
  async announced(key: string): Promise<number> {
    const time = await this.#cache.get(noteOf(key), { origin: true });
    return typeof time === "number" ? time : Number.NEGATIVE_INFINITY;
  }

  /** By this process or another. */
  async latest(key: string): Promise<number> {
    return Math.max(this.own(key), await this.announced(key));
  }
}

function noteOf(key: string): string {
  return `invalidated ${key}`;
}
