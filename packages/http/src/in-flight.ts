/** A response whose body has not ended. */
export interface Arrival {
  readonly key: string;
  /** What it is of was changed since it began. */
  isOutdated: boolean;
}

/** The responses that are arriving, so that none is stored which was invalidated meanwhile. */
export class InFlight {
  readonly #arrivals = new Map<string, Set<Arrival>>();

  begin(key: string): Arrival {
    const arrival = { key, isOutdated: false };
    const beside = this.#arrivals.get(key) ?? new Set();
    this.#arrivals.set(key, beside.add(arrival));
    return arrival;
  }

  end(arrival: Arrival): void {
    const beside = this.#arrivals.get(arrival.key);
    beside?.delete(arrival);
    if (beside?.size === 0) this.#arrivals.delete(arrival.key);
  }

  invalidate(key: string): void {
    for (const arrival of this.#arrivals.get(key) ?? []) arrival.isOutdated = true;
  }
}
