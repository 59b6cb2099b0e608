/** One running computation and how many callers still wait for it. */
interface Flight<T> {
  readonly result: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
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
      return signal === undefined ? await flight.result : await Promise.race([flight.result, aborted(signal)]);
    } finally {
      flight.waiting--;
      if (flight.waiting === 0) this.#end(key, flight);
    }
  }

  #start(key: string, run: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const stop = new AbortController();
    const flight: Flight<T> = { result: run(stop.signal), stop, waiting: 0 };
    // Every caller may have left before it fails; then nobody is there to hear of it.
    flight.result.catch(() => {}).finally(() => this.#forget(key, flight));
    this.#flights.set(key, flight);
    return flight;
  }

  #forget(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  #end(key: string, flight: Flight<T>): void {
    this.#forget(key, flight);
    flight.stop.abort();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
