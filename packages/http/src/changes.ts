/** Keeps changes of one key in order, and reads behind those that began before them. */
export class Changes {
  readonly #last = new Map<string, Promise<void>>();

  /** Makes a change after the ones before it. */
  make(key: string, change: () => Promise<void>): Promise<void> {
    const made = this.settled(key).then(change);
    const settled = made.then(
      () => {},
      // Whoever asked for it hears of it.
      () => {},
    );
    this.#last.set(key, settled);
    void settled.then(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    });
    return made;
  }

  /** Resolves when the changes that began are over. */
  settled(key: string): Promise<void> {
    return this.#last.get(key) ?? Promise.resolve();
  }
}
