import type { Name } from "../ports/store.ts";

/**
 * Keeps changes of one name in order, and copies to a nearer tier from undoing them: a copy is made only when nothing
 * changed since the read it comes from began.
 */
export class NameLocks {
  readonly #tails = new Map<Name, Promise<unknown>>();
  readonly #reads = new Map<Name, { count: number; changes: number }>();

  /** Runs a change of a name after the ones before it. */
  change<T>(name: Name, work: () => Promise<T>): Promise<T> {
    const read = this.#reads.get(name);
    if (read !== undefined) read.changes++;
    return this.#queue(name, work);
  }

  /** Runs a read; `copy` in it does its work only if the name was not changed since. */
  async read<T>(name: Name, work: (copy: (fill: () => Promise<void>) => Promise<void>) => Promise<T>): Promise<T> {
    const read = this.#reads.get(name) ?? { count: 0, changes: 0 };
    this.#reads.set(name, read);
    read.count++;
    const { changes } = read;
    try {
      return await work(async (fill) => {
        if (read.changes === changes) await this.#queue(name, fill);
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
