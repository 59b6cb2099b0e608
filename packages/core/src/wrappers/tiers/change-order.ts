import type { Name } from "../../ports/store.ts";

/** A change that is not over, as far as is known. */
interface Pending {
  /** When the first began of those that wait for each other, by a clock that only runs forward. */
  readonly since: number;
  readonly over: Promise<void>;
}

/**
 * Keeps the changes of a name in order, also behind one that nobody waits for any more: what is late may still land, and would
 * be older than what came after it.
 */
export class ChangeOrder {
  readonly #pending = new Map<Name, Pending>();
  readonly #patience: number;

  /** @param patience - milliseconds after which a change counts as lost */
  constructor(patience: number) {
    this.#patience = patience;
  }

  /** Begins a change when those before it are over; not at all when its caller has left by then. */
  run<T>(name: Name, signal: AbortSignal, change: () => Promise<T>): Promise<T> {
    this.#forgetLost();
    const before = this.#pending.get(name);
    const work = before === undefined ? change() : before.over.then(() => begin(signal, change));
    const ignore = () => {};
    const pending = { since: before?.since ?? performance.now(), over: work.then(ignore, ignore) };
    this.#pending.set(name, pending);
    void pending.over.then(() => {
      if (this.#pending.get(name) === pending) this.#pending.delete(name);
    });
    return work;
  }

  #forgetLost(): void {
    const now = performance.now();
    for (const [name, { since }] of this.#pending) {
      // The oldest come first.
      if (now - since < this.#patience) return;
      this.#pending.delete(name);
    }
  }
}

function begin<T>(signal: AbortSignal, change: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return change();
}
