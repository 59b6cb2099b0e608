/** Runs tasks, a few at a time, and stops taking new ones at the first that fails. */
export class Crew {
  readonly #size: number;
  readonly #working = new Set<Promise<void>>();
  #failed: { readonly error: unknown } | undefined;

  /** @param size - most tasks at a time */
  constructor(size: number) {
    this.#size = size;
  }

  /** Begins a task as soon as there is room for it. @throws what an earlier one failed with */
  async begin(task: () => Promise<void>): Promise<void> {
    while (this.#working.size >= this.#size) await Promise.race(this.#working);
    this.#check();
    const work: Promise<void> = task()
      .catch((error) => {
        this.#failed ??= { error };
      })
      .finally(() => this.#working.delete(work));
    this.#working.add(work);
  }

  /** Waits until nobody works. @throws what the first failure was */
  async end(): Promise<void> {
    await Promise.all(this.#working);
    this.#check();
  }

  #check(): void {
    if (this.#failed !== undefined) throw this.#failed.error;
  }
}
