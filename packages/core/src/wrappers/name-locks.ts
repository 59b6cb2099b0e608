import type { Name } from "../ports/store.ts";

/**
 * Keeps changes of one name in order, and copies to a nearer tier from undoing them: a copy is made only when nothing
 * was changing when the read it comes from began, nor since.
 */
export class NameLocks {
  readonly #tails = new Map<Name, Promise<unknown>>();
  /** How many changes of a name are not over. */
  readonly #changing = new Map<Name, number>();
  readonly #reads = new Map<Name, { count: number; changes: number }>();

  /** Runs a change of a name after the ones before it. */
  async change<T>(name: Name, work: () => Promise<T>): Promise<T> {
    const read = this.#reads.get(name);
    if (read !== undefined) read.changes++;
    this.#changing.set(name, (this.#changing.get(name) ?? 0) + 1);
    try {
      return await this.#queue(name, work);
    } finally {
      const left = (this.#changing.get(name) ?? 0) - 1;
      if (left > 0) this.#changing.set(name, left);
      else this.#changing.delete(name);
    }
  }

  /** Runs a read; `copy` in it does its work only if the name did not change meanwhile. */
  async read<T>(name: Name, work: (copy: (fill: () => Promise<void>) => Promise<void>) => Promise<T>): Promise<T> {
    const read = this.#reads.get(name) ?? { count: 0, changes: 0 };
    this.#reads.set(name, read);
    read.count++;
    const { changes } = read;
    // What this read finds may be from before a change that is under way and that it knows nothing of.
    const isChanging = this.#changing.has(name);
    try {
      return await work(async (fill) => {
        if (!isChanging && read.changes === changes) await this.#queue(name, fill);
      });
    } finally {
      read.count--;
      if (read.count === 0) this.#reads.delete(name);
    }
  }

  #queue<T>(name: Name, work: () => Promise<T>): Promise<T> {
    const result = (this.#tails.get(name) ?? Promise.resolve()).then(work);
    const tail = result
      .catch(() => {})
      .then(() => {
        if (this.#tails.get(name) === tail) this.#tails.delete(name);
      });
    this.#tails.set(name, tail);
    return result;
  }
}
