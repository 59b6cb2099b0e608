import type { Cache } from "../cache/cache.ts";
import { requirePlain, requireValue } from "./iterators.ts";
import { type MemoizeOptions, settleMemoize } from "./options.ts";
import { nameLike, requireKept, Site } from "./site.ts";

/** A result in a holder, so that `undefined` and `null` are results like any other. */
export interface KeptResult<R> {
  /** Absent: `undefined`, which some codecs leave out. */
  readonly result?: R;
}

/**
 * A function whose results are kept. Calls with equal arguments at one time share one run.
 *
 * Its `call`, `apply` and `bind` are those of every function: `f.call(self, …)` goes through the cache as `f(…)` does, with
 * `this`. The helpers take a `this` in the same way: `f.refresh.call(self, …)`.
 */
export interface Memoized<A extends readonly unknown[], R, T = unknown> {
  (this: T, ...args: A): Promise<R>;
  /** The digest of the arguments as it stands in the key: 64 hexadecimal digits. */
  digest(...args: A): string;
  /** Whether a result is there and is believed. */
  has(...args: A): Promise<boolean>;
  /** The result that is there, in a holder, or `undefined`; never runs the function. */
  load(...args: A): Promise<KeptResult<R> | undefined>;
  /** Forgets one result. */
  forget(...args: A): Promise<void>;
  /** Runs the function whatever is kept, and keeps what it gives. */
  refresh(...args: A): Promise<R>;
}

/**
 * Keeps the results of a function by the content of its arguments. A result comes back through the cache's codec:
 * with JSON dates come back as text, and maps and the like are refused, so give the cache `structuredCodec` for those.
 *
 * `this` is passed on, and does not count: give `key` when the answer depends on it. A function that gives items one by one
 * goes to `memoizeGenerator`.
 * @throws TypeError without a name; and from the calls, CacheError `ERR_CACHE_UNDIGESTIBLE` for arguments without content
 */
export function memoize<A extends readonly unknown[], R, T = unknown>(
  cache: Cache,
  compute: (this: T, ...args: A) => R | Promise<R>,
  options: MemoizeOptions<A, T>,
): Memoized<A, R, T> {
  const settings = settleMemoize("memoize", { cache, compute, options });
  requirePlain(compute);
  const { ttl, stale } = settings;
  const site = new Site<A, T>(cache, settings);
  const run = async (self: T, args: A): Promise<KeptResult<R>> => ({
    result: requireValue(await compute.apply(self, args as never)),
  });

  async function memoized(this: T, ...args: A): Promise<R> {
    const place = site.placeOrRun(this, args);
    if (place === undefined) return compute.apply(this, args as never);
    const told = site.watch(place, args);
    let outcome: "hit" | "computed" = "hit";
    const begin = () => {
      outcome = "computed";
      return run(this, args);
    };
    const kept = await cache.getOrSet<KeptResult<R>>(place.key, begin, { ttl, ...stale });
    await told(outcome);
    return requireKept(kept).result as R;
  }
  const self = (given: unknown): T => (given === memoized ? undefined : given) as T;

  return Object.assign(nameLike(memoized, compute), site.helpers<KeptResult<R>>(self), {
    async refresh(...args: A) {
      const place = site.placeOrRun(self(this), args);
      if (place === undefined) return compute.apply(self(this), args as never);
      const told = site.watch(place, args);
      const anew = () => run(self(this), args);
      const kept = await site.replace(place.key, anew, (result) => cache.set(place.key, result, { ttl }));
      await told("computed");
      return kept.result as R;
    },
  });
}
