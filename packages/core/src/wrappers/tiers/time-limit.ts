import type { CallOptions, Draft, Store } from "../../ports/store.ts";
import { Countdown, inTime, withSignal } from "../../timing/countdown.ts";
import { forward } from "../forward.ts";
import { ChangeOrder } from "./change-order.ts";

/** What may take longer than one answer, such as putting the parts of a stream together, or a write that is late, takes at most so many times as long. */
const ENDING = 10;

/**
 * A store whose every answer is waited for so long and no longer: each call, and in streams each piece. What is late fails
 * with `ERR_CACHE_STORE`, and the store is told to stop by its signal; whether it does or not, nobody waits for it. Only the
 * next change of the same name does, within its own time: it must not be overtaken by the one that is late.
 * @param limit - milliseconds
 */
export function timeLimited(store: Store, limit: number): Store & AsyncDisposable {
  const order = new ChangeOrder(limit * ENDING);
  return {
    ...forward(store),
    get: (name, options) => inTime(limit, options, (own) => store.get(name, own)),
    open: async (name, options) => {
      const pieces = await inTime(limit, options, (own) => store.open(name, own));
      return pieces && eachInTime(limit, pieces);
    },
    put: (name, bytes, options) =>
      inTime(limit, options, (own) => order.run(name, own.signal, () => store.put(name, bytes, own))),
    putStream: (draft, options) => streamInTime(store, draft, { limit, options }),
    stat: (name, options) => inTime(limit, options, (own) => store.stat(name, own)),
    delete: (name, options) =>
      inTime(limit, options, (own) => order.run(name, own.signal, () => store.delete(name, own))),
    list: (kind, options) => eachInTime(limit, store.list(kind, options)),
  };
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
