/** The changes of keys that are under way. */
export class Changes {
  readonly #underWay = new Map<string, Promise<void>>();

  /** Begins a change. Whoever asks for it hears how it ends. */
  begin(key: string, change: () => Promise<void>): Promise<void> {
    const before = this.settled(key);
    const made = change();
    const over = Promise.allSettled([before, made]).then(() => {
      if (this.#underWay.get(key) === over) this.#underWay.delete(key);
    });
    this.#underWay.set(key, over);
    return made;
  }

  /** Resolves when the changes that began until now are over. */
  settled(key: string): Promise<void> {
    return this.#underWay.get(key) ?? Promise.resolve();
  }
}
