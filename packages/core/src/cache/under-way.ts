/** The work that a cache and its namespaces have begun, and whether they may begin more. */
export class UnderWay {
  readonly #work = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  /** @throws TypeError when the cache is closed */
  requireOpen(): void {
    if (this.#closed !== undefined) throw new TypeError("the cache is closed");
  }

  /** Work that a close waits for, however it ends. */
  track<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    const done = () => this.#work.delete(work);
    work.then(done, done);
    return work;
  }

  /** Begins nothing more, waits for what is under way and then ends with `last`, once however often it is called. */
  close(last: () => Promise<void>): Promise<void> {
    this.#closed ??= this.#settled().then(last);
    return this.#closed;
  }

  /** What is under way may lead to more, such as a computation to a write. */
  async #settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
  }
}
