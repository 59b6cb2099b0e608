import { orAborted } from "../../cache/single-flight.ts";
import { CacheError } from "../../errors.ts";
import type { CallOptions, Draft, Store } from "../../ports/store.ts";
import { forward } from "../forward.ts";

/**
 * A store whose every answer is waited for so long and no longer: each call, and in streams each piece. What is late fails
 * with `ERR_CACHE_STORE`, and the store is told to stop by its signal; whether it does or not, nobody waits for it.
 * @param limit - milliseconds
 */
export function timeLimited(store: Store, limit: number): Store & AsyncDisposable {
  return {
    ...forward(store),
    get: (name, options) => inTime(limit, options, (own) => store.get(name, own)),
    open: async (name, options) => {
      const pieces = await inTime(limit, options, (own) => store.open(name, own));
      return pieces && eachInTime(limit, pieces);
    },
    put: (name, bytes, options) => inTime(limit, options, (own) => store.put(name, bytes, own)),
    putStream: (draft, options) => streamInTime(store, draft, { limit, options }),
    stat: (name, options) => inTime(limit, options, (own) => store.stat(name, own)),
    delete: (name, options) => inTime(limit, options, (own) => store.delete(name, own)),
    list: (kind, options) => eachInTime(limit, store.list(kind, options)),
  };
}

function late(limit: number): CacheError {
  const cause = new DOMException(`no answer within ${limit} ms`, "TimeoutError");
  return new CacheError("ERR_CACHE_STORE", `the store did not answer within ${limit} ms`, { cause });
}

/** A clock that runs out unless it is wound again. */
class Countdown {
  readonly #limit: number;
  readonly #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(limit: number) {
    this.#limit = limit;
    this.wind();
  }

  /** Aborts with the error when time is out. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  wind(limit: number = this.#limit): void {
    this.pause();
    if (this.#isOver) return;
    this.#timer = setTimeout(() => this.#stop.abort(late(limit)), limit);
  }

  /** Until it is wound again. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  end(): void {
    this.#isOver = true;
    this.pause();
  }

  /** What the work gives, unless time is out first. */
  race<T>(work: Promise<T>): Promise<T> {
    return orAborted(work, this.signal);
  }
}

async function inTime<O extends CallOptions, T>(
  limit: number,
  options: O | undefined,
  call: (own: O) => Promise<T>,
): Promise<T> {
  const countdown = new Countdown(limit);
  try {
    return await countdown.race(call(withSignal(options, countdown.signal)));
  } finally {
    countdown.end();
  }
}

function withSignal<O extends CallOptions>(options: O | undefined, own: AbortSignal): O {
  const signal = options?.signal === undefined ? own : AbortSignal.any([options.signal, own]);
  return { ...options, signal } as O;
}

/** Piece by piece; the time that the reader takes for one does not count. */
async function* eachInTime<T>(limit: number, items: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await inTime(limit, undefined, () => iterator.next());
      if (next.done === true) break;
      yield next.value;
    }
    ended = true;
  } finally {
    // Not waited for: an iterator that is stuck would never hear of it.
    if (!ended) iterator.return?.()?.catch(() => {});
  }
}

/** The source of a stream may be slow: each piece that it gives winds the clock again. */
async function streamInTime(
  store: Store,
  draft: Draft,
  { limit, options }: { readonly limit: number; readonly options: CallOptions | undefined },
): ReturnType<Store["putStream"]> {
  const countdown = new Countdown(limit);
  const source = draft.body;
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    yield* paused(source, countdown, limit);
  }
  const watched: Draft = { headLength: draft.headLength, body: body(), finish: () => draft.finish() };
  try {
    return await countdown.race(store.putStream(watched, withSignal(options, countdown.signal)));
  } finally {
    countdown.end();
  }
}

/** What is left to do when the last piece has come, such as putting the parts together, may take so many times as long as a piece. */
const ENDING = 10;

/** While the source is asked, the store is not the one that is waited for. */
async function* paused(
  source: AsyncIterable<Uint8Array>,
  countdown: Countdown,
  limit: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      countdown.pause();
      const next = await iterator.next();
      countdown.wind(next.done === true ? limit * ENDING : limit);
      if (next.done === true) break;
      yield next.value;
    }
    ended = true;
  } finally {
    // Of a source that failed the store cleans up, and is waited for again.
    if (!ended) countdown.wind();
    if (!ended) await iterator.return?.();
  }
}
