import { checkOptions } from "../adapter/check-options.ts";
import type { Cache } from "../cache/cache.ts";
import { checkType } from "../cache/slots.ts";
import { type Duration, parseDuration } from "../units/duration.ts";
import { digestValues } from "./arguments.ts";

/** How a function's results are kept. */
export interface MemoizeOptions<A extends readonly unknown[]> {
  /**
   * Names the function and its version in the cache. Change it whenever the function would answer differently:
   * `"render@3"`. Required, since two functions under one name would give each other's answers.
   */
  readonly name: string;
  /**
   * What of the arguments counts, as values with content.
   * @defaultValue all of them
   */
  readonly key?: ((...args: A) => unknown) | undefined;
  /**
   * How long a result is believed.
   * @defaultValue the cache's `ttl`
   */
  readonly ttl?: Duration | undefined;
}

/** A function whose results are kept. Calls with equal arguments at one time share one run. */
export interface Memoized<A extends readonly unknown[], R> {
  (...args: A): Promise<R>;
  /** The digest of the arguments as it stands in the key: 64 hexadecimal digits. */
  digest(...args: A): string;
  /** Whether a result is there and is believed. */
  has(...args: A): Promise<boolean>;
  /** Forgets one result. */
  forget(...args: A): Promise<void>;
  /** Runs the function whatever is kept, and keeps what it gives. */
  refresh(...args: A): Promise<R>;
}

/** Results are kept in a holder, so that `undefined` and `null` are results like any other. */
interface Held<R> {
  readonly result?: R;
}

/**
 * Keeps the results of a function by the content of its arguments. A result comes back through the cache's codec:
 * with JSON dates come back as text, and maps and the like are refused, so give the cache `structuredCodec` for those.
 * @throws TypeError without a name; and from the calls, for arguments without content, such as functions
 */
export function memoize<A extends readonly unknown[], R>(
  cache: Cache,
  compute: (...args: A) => R | Promise<R>,
  options: MemoizeOptions<A>,
): Memoized<A, R> {
  if (typeof cache?.getOrSet !== "function") throw new TypeError("memoize needs a cache");
  if (typeof compute !== "function") throw new TypeError("memoize needs a function");
  checkOptions("memoize", options ?? {}, ["name", "key", "ttl"]);
  const { name, key, ttl } = options ?? {};
  if (typeof name !== "string" || name === "") throw new TypeError("memoize needs a name for the function");
  checkType("key", key, "function");
  if (ttl !== undefined) parseDuration(ttl);
  const digest = (...args: A): string => digestValues(key === undefined ? args : [key(...args)]);
  const keyOf = (args: A): string => `${name}\n${digest(...args)}`;
  const run = async (...args: A): Promise<Held<R>> => ({ result: await compute(...args) });

  const call = async (...args: A): Promise<R> => {
    const held = await cache.getOrSet<Held<R>>(keyOf(args), () => run(...args), { ttl });
    return held.result as R;
  };
  return Object.assign(call, {
    digest,
    has: async (...args: A) => cache.has(keyOf(args)),
    forget: async (...args: A) => cache.delete(keyOf(args)),
    refresh: async (...args: A) => {
      const held = await run(...args);
      await cache.set(keyOf(args), held, { ttl });
      return held.result as R;
    },
  });
}
