import type { Cache } from "@cache/core";
import { RecentMap } from "@cache/core/adapter";

/** How long a response is under way, in milliseconds: so long others hear that older ones do not count. */
const LONGEST = 600_000;
/** Invalidations of this process that are remembered. */
const MOST = 10_000;

/**
 * When responses were last invalidated, by this process or another that shares the cache: what was asked for before that is
 * not stored after it.
 */
export class Invalidations {
  readonly #cache: Cache;
  readonly #own = new RecentMap<string, number>(MOST);

  constructor(cache: Cache) {
    this.#cache = cache;
  }

  /** Of this process, from now on. */
  begin(key: string): void {
    this.#own.set(key, Date.now());
  }

  /** For the other processes. What they store from here on they look at again. */
  async announce(key: string): Promise<void> {
    await this.#cache.set(noteOf(key), Date.now(), { ttl: LONGEST });
  }

  /** Whether this process invalidated what was asked for at a time. */
  isOwn(key: string, asked: number): boolean {
    return asked <= (this.#own.get(key) ?? Number.NEGATIVE_INFINITY);
  }

  /** Whether anybody did, as the others say it and not as it is remembered here. */
  async isAny(key: string, asked: number): Promise<boolean> {
    if (this.isOwn(key, asked)) return true;
    const time = await this.#cache.get(noteOf(key), { origin: true });
    return typeof time === "number" && asked <= time;
  }
}

function noteOf(key: string): string {
  return `invalidated ${key}`;
}
