import type { Cache } from "../cache/cache.ts";
import { type MemoizeGeneratorOptions, type MemoizeSettings, settleMemoize } from "./options.ts";
import { type Items, SharedRun } from "./shared-run.ts";
import { nameLike, type Place, requireKept, Site } from "./site.ts";

/** The items of an iteration and what it ended with. */
export interface KeptItems<Item, End> {
  readonly items: readonly Item[];
  /** Absent: `undefined`, which some codecs leave out. */
  readonly result?: End;
}

/**
 * A function that gives items one by one, which are kept when the iteration came to its end. Iterations with equal arguments
 * at one time share one run, each from the first item on; one that is left early keeps nothing.
 */
export interface MemoizedGenerator<A extends readonly unknown[], Item, End = void, T = unknown> {
  (this: T, ...args: A): AsyncGenerator<Item, End, undefined>;
  /** The digest of the arguments as it stands in the key: 64 hexadecimal digits. */
  digest(...args: A): string;
  /** Whether the items are there and are believed. */
  has(...args: A): Promise<boolean>;
  /** The items that are there, or `undefined`; never runs the function. */
  load(...args: A): Promise<KeptItems<Item, End> | undefined>;
  /** Forgets the items of one call. */
  forget(...args: A): Promise<void>;
  /** Runs the function whatever is kept, and keeps its items when it comes to its end. */
  refresh(...args: A): AsyncGenerator<Item, End, undefined>;
}

/** One memoized generator: its runs under way and what is kept of those that ended. */
class GeneratorSite<A extends readonly unknown[], Item, End, T> extends Site<A, T> {
  readonly #cache: Cache;
  readonly #compute: (this: T, ...args: A) => Items<Item, End>;
  readonly #ttl: MemoizeSettings<A, T>["ttl"];
  readonly #runs = new Map<string, SharedRun<Item, End>>();

  constructor(settings: MemoizeSettings<A, T>, cache: Cache, compute: (this: T, ...args: A) => Items<Item, End>) {
    super(cache, settings, "items");
    this.#cache = cache;
    this.#compute = compute;
    this.#ttl = settings.ttl;
  }

  async *read(self: T, args: A): AsyncGenerator<Item, End, undefined> {
    const place = this.placeOrRun(self, args);
    if (place === undefined) return yield* this.#compute.apply(self, args as never);
    const run = this.#runs.get(place.key) ?? this.#begin(self, args, place);
    return yield* run.read();
  }

  #begin(self: T, args: A, place: Place): SharedRun<Item, End> {
    const run = new SharedRun(this.#source(self, args, place), () => {
      if (this.#runs.get(place.key) === run) this.#runs.delete(place.key);
    });
    this.#runs.set(place.key, run);
    return run;
  }

  /** What is kept, or else what the function gives. */
  async *#source(self: T, args: A, place: Place): AsyncGenerator<Item, End, undefined> {
    const told = this.watch(place, args);
    const kept = await this.#cache.get<KeptItems<Item, End>>(place.key);
    if (kept === undefined) return yield* this.#run(self, args, place);
    await told("hit");
    yield* requireKept(kept).items;
    return kept.result as End;
  }

  async *refresh(self: T, args: A): AsyncGenerator<Item, End, undefined> {
    const place = this.placeOrRun(self, args);
    if (place === undefined) return yield* this.#compute.apply(self, args as never);
    return yield* this.#run(self, args, place, true);
  }

  /** Only an iteration that comes to its end is kept. */
  async *#run(self: T, args: A, place: Place, replaces = false): AsyncGenerator<Item, End, undefined> {
    const told = this.watch(place, args);
    const items: Item[] = [];
    const run = this.overtaking.begin(place.key);
    try {
      const result = yield* collecting(this.#compute.apply(self, args as never), items);
      if (!run.isOvertaken) await this.#keep(place, { items, result }, replaces);
      await told("computed");
      return result;
    } finally {
      this.overtaking.end(place.key, run);
    }
  }

  /** By the way of `getOrSet`, a store that cannot take the items does not fail who has read them all. */
  async #keep({ key }: Place, kept: KeptItems<Item, End>, replaces: boolean): Promise<void> {
    const options = { ttl: this.#ttl };
    if (replaces) await this.#cache.set(key, kept, options);
    else await this.#cache.getOrSet(key, () => kept, options);
  }

  override async forget(key: string): Promise<void> {
    this.#runs.delete(key);
    await super.forget(key);
    this.#runs.delete(key);
  }
}

async function* collecting<Item, End>(source: Items<Item, End>, items: Item[]): AsyncGenerator<Item, End, undefined> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  // An iterator that fails, or comes to its end, is not told to return.
  let waits = false;
  try {
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return next.value;
      const item = await next.value;
      items.push(item);
      waits = true;
      yield item;
      waits = false;
    }
  } finally {
    if (waits) await iterator.return?.();
  }
}

/**
 * As {@link memoize}, for a function that gives items one by one: a generator, an async generator, or any other that
 * returns something to iterate. Whether they come from the function or from the cache, the items come asynchronously; what is
 * handed to `next` reaches nobody.
 * @throws TypeError without a name; and from the iteration, CacheError `ERR_CACHE_UNDIGESTIBLE` for arguments without content
 */
export function memoizeGenerator<A extends readonly unknown[], Item, End = void, T = unknown>(
  cache: Cache,
  compute: (this: T, ...args: A) => Items<Item, End>,
  options: MemoizeGeneratorOptions<A, T>,
): MemoizedGenerator<A, Item, End, T> {
  const settings = settleMemoize("memoizeGenerator", { cache, compute, options });
  const site = new GeneratorSite(settings, cache, compute);

  function memoized(this: T, ...args: A): AsyncGenerator<Item, End, undefined> {
    return site.read(this, args);
  }
  const self = (given: unknown): T => (given === memoized ? undefined : given) as T;

  return Object.assign(nameLike(memoized, compute), site.helpers<KeptItems<Item, End>>(self), {
    refresh(...args: A) {
      return site.refresh(self(this), args);
    },
  });
}
