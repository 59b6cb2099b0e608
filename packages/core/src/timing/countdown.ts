import { orAborted } from "../cache/single-flight.ts";
import { CacheError } from "../errors.ts";
import type { CallOptions } from "../ports/store.ts";

function late(limit: number): CacheError {
  const cause = new DOMException(`no answer within ${limit} ms`, "TimeoutError");
  return new CacheError("ERR_CACHE_STORE", `the store did not answer within ${limit} ms`, { cause });
}

/** 24 days. */
const LONGEST_TIMER = 2_147_483_647;

/** Milliseconds that a timer can be set for: one that is set for more ends at once. */
export function timerTime(ms: number): number {
  return Math.min(ms, LONGEST_TIMER);
}

/** A clock that runs out unless it is wound again. */
export class Countdown {
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
    this.#timer = setTimeout(() => this.#stop.abort(late(limit)), timerTime(limit));
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

/**
 * What a call answers within some time. It is told by its signal when it is late; whether it listens or not, nobody waits for it.
 * @param limit - milliseconds
 * @param options - of the call, whose own signal counts as well
 * @throws CacheError `ERR_CACHE_STORE` when it is late; what the call throws
 */
export async function inTime<O extends CallOptions, T>(
  limit: number,
  options: O | undefined,
  call: (own: O & { readonly signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  const countdown = new Countdown(limit);
  try {
    return await countdown.race(call(withSignal(options, countdown.signal)));
  } finally {
    countdown.end();
  }
}

/** Options with a further signal. */
export function withSignal<O extends CallOptions>(
  options: O | undefined,
  own: AbortSignal,
): O & { readonly signal: AbortSignal } {
  const signal = options?.signal === undefined ? own : AbortSignal.any([options.signal, own]);
  return { ...options, signal } as O & { readonly signal: AbortSignal };
}
