/**
 * What was used lately, and not more of it than was asked for. In two generations: when the young one is full it becomes the old
 * one, so forgetting costs nothing.
 */
export class RecentMap<K, V> {
  readonly #limit: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  /** @param limit - most that is remembered; half of that is remembered in any case */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** What is remembered under a key; it is used by that. */
  get(key: K): V | undefined {
    const found = this.#young.get(key);
    if (found !== undefined) return found;
    const older = this.#old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  /** Remembers something, in the place of what was under the key. */
  set(key: K, value: V): void {
    this.#young.set(key, value);
    if (this.#young.size < this.#limit / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
