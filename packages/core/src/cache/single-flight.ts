/** One running computation and how many callers still wait for it. */
interface Flight<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
  settled: boolean;
}

/** Runs one computation a key at a time and shares its outcome among all who ask meanwhile. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /**
   * A caller that aborts leaves alone; the computation is told to stop when nobody waits any more.
   * @param run - receives a signal that aborts when the last caller has left
   */
  async run(key: string, run: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#start(key, run);
    flight.waiting++;
    try {
      return await orAborted(flight.result, signal);
    } finally {
      flight.waiting--;
      if (flight.waiting === 0) this.#end(key, flight);
    }
  }

  /** Whether nothing is under way. */
  get isEmpty(): boolean {
    return this.#flights.size === 0;
  }

  /** Who asks from now on starts another; those who wait get what they wait for. Of all keys when none is given. */
  leave(key?: string): void {
    if (key === undefined) this.#flights.clear();
    else this.#flights.delete(key);
  }

  #start(key: string, run: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const stop = new AbortController();
    const flight: Flight<T> = { result: run(stop.signal), stop, waiting: 0, settled: false };
    const settle = () => {
      flight.settled = true;
      this.#forget(key, flight);
    };
    // Both ways: every caller may have left before it fails, and then nobody is there to hear of it.
    flight.result.then(settle, settle);
    this.#flights.set(key, flight);
    return flight;
  }

  #forget(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  #end(key: string, flight: Flight<T>): void {
    this.#forget(key, flight);
    if (!flight.settled) flight.stop.abort();
  }
}

/** The result, unless the signal aborts first; the signal is let go of in both cases, since it may live long. */
export async function orAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result;
  const { promise, reject } = withReject();
  const leave = () => reject(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([result, promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

function withReject(): { readonly promise: Promise<never>; readonly reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  return { promise, reject };
}
