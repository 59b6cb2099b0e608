import { orAborted } from "./single-flight.ts";

/** A value that is being computed, and then kept. */
export interface Run {
  /** Its key was changed since it began: what it computes is older than what is there. */
  isOvertaken: boolean;
  /** Over, whatever came of it, when the value was kept. */
  keeping?: Promise<unknown>;
}

/** Which of the values that are being computed were overtaken by a change of their key. */
export class Overtaking {
  readonly #runs = new Map<string, Set<Run>>();
  /** Keys that are being changed, and how often at once; undefined for all of them. */
  readonly #changing = new Map<string | undefined, number>();

  begin(key: string): Run {
    const run: Run = { isOvertaken: this.#changing.has(key) || this.#changing.has(undefined) };
    const beside = this.#runs.get(key) ?? new Set();
    this.#runs.set(key, beside.add(run));
    return run;
  }

  end(key: string, run: Run): void {
    const beside = this.#runs.get(key);
    beside?.delete(run);
    if (beside?.size === 0) this.#runs.delete(key);
  }

  /**
   * Makes a change of one key, or of all when none is given. What is being kept already is there before it, and what else is being
   * computed, or begins to be while the change is made, is overtaken.
   * @param signal - ends the wait for what is being kept
   */
  async around<T>(key: string | undefined, change: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const changing = this.#changing;
    changing.set(key, (changing.get(key) ?? 0) + 1);
    try {
      if (this.#runs.size > 0) await this.#overtake(key, signal);
      return await change();
    } finally {
      const others = (changing.get(key) ?? 1) - 1;
      if (others > 0) changing.set(key, others);
      else changing.delete(key);
    }
  }

  async #overtake(key: string | undefined, signal: AbortSignal | undefined): Promise<void> {
    const runs =
      key === undefined ? [...this.#runs.values()].flatMap((each) => [...each]) : [...(this.#runs.get(key) ?? [])];
    for (const run of runs) run.isOvertaken = true;
    signal?.throwIfAborted();
    await orAborted(Promise.allSettled(runs.map(({ keeping }) => keeping)), signal);
  }
}
