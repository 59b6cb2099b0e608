import type { Cache } from "../cache/cache.ts";
import { Overtaking } from "../cache/overtaking.ts";
import { CacheError, isCacheError } from "../errors.ts";
import type { Call } from "./call-log.ts";
import { memoizeSink } from "./events.ts";
import type { MemoizeSettings } from "./options.ts";

/** Where the result of one call is kept. */
export type Place = Pick<Call, "digest" | "key">;

/** What every memoized function offers besides being called. */
interface Helpers<A extends readonly unknown[], Kept> {
  digest(...args: A): string;
  has(...args: A): Promise<boolean>;
  load(...args: A): Promise<Kept | undefined>;
  forget(...args: A): Promise<void>;
}

/** What a memoized function keeps its results with, whatever kind of function it is. */
export class Site<A extends readonly unknown[], T> {
  readonly #cache: Cache;
  readonly #settings: MemoizeSettings<A, T>;
  readonly #kind: readonly string[];
  readonly #tell: ReturnType<typeof memoizeSink>;
  /** Of runs that the cache knows nothing of. */
  protected readonly overtaking: Overtaking = new Overtaking();

  /** @param kind - apart from other kinds of functions under that name */
  constructor(cache: Cache, settings: MemoizeSettings<A, T>, kind?: string) {
    const { name, version, onEvent } = settings;
    this.#cache = cache;
    this.#settings = settings;
    this.#kind = kind === undefined ? [] : [kind];
    this.#tell = memoizeSink({ name, version }, onEvent);
  }

  /** @throws CacheError `ERR_CACHE_UNDIGESTIBLE` */
  place(self: T, args: A): Place {
    const { name, version } = this.#settings;
    const digest = this.#settings.digest(self, args);
    // No word has a line break in it, and a digest is the only one of 64 digits in its place.
    const words = version === undefined ? [name, digest] : [name, version, digest];
    return { digest, key: [...words, ...this.#kind].join("\n") };
  }

  /** As {@link Site.place}; `undefined`, and told, for a call that is to run uncached. */
  placeOrRun(self: T, args: A): Place | undefined {
    return this.#place(self, args, (error) => this.#tell("uncached", error));
  }

  #place(self: T, args: A, uncached: (error: unknown) => void): Place | undefined {
    try {
      return this.place(self, args);
    } catch (error) {
      if (!this.#settings.runsUndigested || !isCacheError(error, "ERR_CACHE_UNDIGESTIBLE")) throw error;
      uncached(error);
      return undefined;
    }
  }

  /**
   * What a memoized function offers besides being called. Of a call that would run uncached nothing is there.
   * @param self - the `this` of a call of a helper
   */
  helpers<Kept extends object>(self: (given: unknown) => T): Helpers<A, Kept> {
    const cache = this.#cache;
    const place = (given: unknown, args: A) => this.#place(self(given), args, () => undefined);
    const digest = (given: unknown, args: A) => this.place(self(given), args).digest;
    const forget = (key: string) => this.forget(key);
    return {
      digest(...args: A) {
        return digest(this, args);
      },
      async has(...args: A) {
        const found = place(this, args);
        return found !== undefined && cache.has(found.key);
      },
      async load(...args: A) {
        const found = place(this, args);
        const kept = found && (await cache.get<Kept>(found.key));
        return kept === undefined ? undefined : requireKept(kept);
      },
      async forget(...args: A) {
        const found = place(this, args);
        if (found !== undefined) await forget(found.key);
      },
    };
  }

  /** Forgets what is kept under a key; what runs by then is not kept. */
  forget(key: string): Promise<void> {
    return this.overtaking.around(key, () => this.#cache.delete(key));
  }

  /**
   * Runs a function whatever is kept, and keeps what it gives unless it is forgotten meanwhile.
   * @param keep - puts it where it is kept
   */
  async replace<Kept>(key: string, run: () => Promise<Kept>, keep: (kept: Kept) => Promise<void>): Promise<Kept> {
    const under = this.overtaking.begin(key);
    try {
      const kept = await run();
      if (!under.isOvertaken) await keep(kept);
      return kept;
    } finally {
      this.overtaking.end(key, under);
    }
  }

  /** Begins to measure a call; the answer tells the log of it. */
  watch(place: Place, args: A): (outcome: Call["outcome"]) => Promise<void> {
    const { calls, name, version } = this.#settings;
    if (calls === undefined) return async () => undefined;
    const started = Date.now();
    const begun = performance.now();
    return async (outcome) => {
      const call = { name, version, ...place, args, outcome, started, duration: performance.now() - begun };
      try {
        await calls.record(call);
      } catch (error) {
        // The result is there; whoever asked for it must not lose it to the account of it.
        this.#tell("unrecorded", error);
      }
    };
  }
}

/** What is kept under a key, as the kind of function it was kept for. @throws CacheError `ERR_CACHE_CODEC` */
export function requireKept<H extends object>(kept: H): H {
  if (typeof kept === "object" && kept !== null && !Array.isArray(kept)) return kept;
  throw new CacheError("ERR_CACHE_CODEC", "what is kept under the key of a call is no result");
}

/** Gives a function another's name and number of arguments. */
export function nameLike<F extends object>(named: F, original: { readonly name: string; readonly length: number }): F {
  const { name, length } = original;
  return Object.defineProperties(named, {
    name: { value: name, configurable: true },
    length: { value: length, configurable: true },
  });
}
