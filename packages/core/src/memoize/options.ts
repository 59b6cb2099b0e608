import { checkOptions } from "../adapter/check-options.ts";
import type { Cache } from "../cache/cache.ts";
import { checkType } from "../cache/slots.ts";
import { digestList } from "../digest/digest.ts";
import type { ContentOf } from "../digest/own-type.ts";
import { type Duration, durationOrNone } from "../units/duration.ts";
import type { CallLog } from "./call-log.ts";
import type { MemoizeListener } from "./events.ts";
import { countingArguments, type IgnoredArguments, settleIgnored } from "./ignored.ts";

/** How a function's results are kept. */
export interface MemoizeOptions<A extends readonly unknown[], T = unknown> {
  /**
   * Names the function in the cache: 1 to 255 bytes without control characters. Required, since two functions under one
   * name would give each other's answers.
   */
  readonly name: string;
  /**
   * Names what the function does: change it whenever it would answer differently. `3` and `"3"` are one version; the name
   * `"a@1"` and the name `"a"` in version `"1"` are two functions.
   */
  readonly version?: string | number | undefined;
  /**
   * How long a result is believed.
   * @defaultValue the cache's `ttl`
   */
  readonly ttl?: Duration | undefined;
  /**
   * For so long past its `ttl` a result is answered at once, while the function runs behind it: as for `getOrSet`.
   * @defaultValue 0
   */
  readonly staleWhileRevalidate?: Duration | undefined;
  /**
   * For so long past its `ttl` a result is answered when the function fails: as for `getOrSet`.
   * @defaultValue 0
   */
  readonly staleIfError?: Duration | undefined;
  /**
   * What of the arguments counts, as a value with content. Called with the call's `this`, which does not count by itself.
   * @defaultValue all of them
   */
  readonly key?: ((this: T, ...args: A) => unknown) | undefined;
  /**
   * Which arguments do not count: `{ 1: true }`, or some fields of an object, `{ 0: ["signal", "logger"] }`.
   * @defaultValue all of them count
   */
  readonly ignore?: IgnoredArguments<A> | undefined;
  /** Says what arguments of types of your own count as: see `digestOf` of `@cache/core/digest`. */
  readonly contentOf?: ContentOf | undefined;
  /**
   * What happens to a call with an argument that has no digest: it throws `ERR_CACHE_UNDIGESTIBLE`; or with `"run"` the
   * function runs without the cache and `onEvent`, which is required then, hears of it.
   * @defaultValue "throw"
   */
  readonly undigestible?: "throw" | "run" | undefined;
  /** Hears of calls that ran uncached or could not be recorded. On Node they are published on `cache:*` as well. */
  readonly onEvent?: MemoizeListener | undefined;
  /** Is told of every call. */
  readonly calls?: CallLog | undefined;
}

/** How the items of a function that gives them one by one are kept. */
export type MemoizeGeneratorOptions<A extends readonly unknown[], T = unknown> = Omit<
  MemoizeOptions<A, T>,
  "staleWhileRevalidate" | "staleIfError"
>;

/** Items are computed while they are asked for, and not behind a reader. */
const OF_RESULTS = ["staleWhileRevalidate", "staleIfError"] as const;

const OPTIONS = [
  ...["name", "version", "ttl", "key", "ignore", "contentOf", "undigestible", "onEvent", "calls"],
] as (keyof MemoizeOptions<[]>)[];

/** {@link MemoizeOptions} after they were checked. */
export interface MemoizeSettings<A extends readonly unknown[], T> {
  readonly name: string;
  readonly version: string | undefined;
  readonly ttl: Duration | undefined;
  readonly stale: Pick<MemoizeOptions<A, T>, (typeof OF_RESULTS)[number]>;
  readonly runsUndigested: boolean;
  readonly onEvent: MemoizeListener | undefined;
  readonly calls: CallLog | undefined;
  /** @throws CacheError `ERR_CACHE_UNDIGESTIBLE` */
  digest(self: T, args: A): string;
}

/** @throws TypeError for whatever is wrong with what `memoize` or its like was given */
export function settleMemoize<A extends readonly unknown[], T>(
  of: string,
  given: { readonly cache: Cache; readonly compute: unknown; readonly options: MemoizeOptions<A, T> },
): MemoizeSettings<A, T> {
  if (typeof given.cache?.getOrSet !== "function") throw new TypeError(`${of} needs a cache`);
  if (typeof given.compute !== "function") throw new TypeError(`${of} needs a function`);
  const options = given.options ?? {};
  checkOptions(of, options, of === "memoize" ? [...OPTIONS, ...OF_RESULTS] : OPTIONS);
  const { name, version, ttl, undigestible, onEvent, calls, staleWhileRevalidate, staleIfError } = options;
  if (name === undefined) throw new TypeError(`${of} needs a name for the function`);
  for (const duration of [ttl, staleWhileRevalidate, staleIfError]) durationOrNone(duration);
  checkType("onEvent", onEvent, "function");
  if (calls !== undefined && typeof calls?.record !== "function") throw new TypeError('"calls" is a log of calls');
  return {
    ...{ ttl, onEvent, calls, stale: { staleWhileRevalidate, staleIfError } },
    name: requireWord("name", name),
    version: version === undefined ? undefined : requireWord("version", versionText(version)),
    runsUndigested: requireAnswer(undigestible, onEvent) === "run",
    digest: digester(options),
  };
}

/** Without control characters, so that keys made of words in lines say which word is which. */
function requireWord(what: string, word: unknown): string {
  const isWord = typeof word === "string" && word !== "" && word.isWellFormed() && !/\p{Cc}/u.test(word);
  if (!isWord || new TextEncoder().encode(word).byteLength > 255) {
    throw new TypeError(`the ${what} of a memoized function is text of 1 to 255 bytes without control characters`);
  }
  return word;
}

const versionText = (version: unknown): unknown => (Number.isSafeInteger(version) ? String(version) : version);

function requireAnswer(answer: unknown = "throw", onEvent: unknown): unknown {
  if (answer !== "throw" && answer !== "run") throw new TypeError('"undigestible" is "throw" or "run"');
  if (answer === "run" && onEvent === undefined) {
    throw new TypeError('with undigestible: "run" give "onEvent", so that somebody hears of calls that run uncached');
  }
  return answer;
}

function digester<A extends readonly unknown[], T>(options: MemoizeOptions<A, T>): MemoizeSettings<A, T>["digest"] {
  const { key, ignore, contentOf } = options;
  checkType("key", key, "function");
  checkType("contentOf", contentOf, "function");
  if (key !== undefined && ignore !== undefined) throw new TypeError('give "key" or "ignore", not both');
  if (key !== undefined) return (self, args) => digestList([["key", key.apply(self, [...args] as never)]], contentOf);
  const ignored = settleIgnored(ignore);
  return (_, args) =>
    digestList(
      countingArguments(args, ignored).map(([position, value]) => [`arguments[${position}]`, value]),
      contentOf,
    );
}
