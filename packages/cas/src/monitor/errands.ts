import type { Place } from "./places.ts";

/**
 * Reports that come before anybody looks. A quarter of what Linux keeps for a reader by default (`max_queued_events`),
 * beyond which it drops them without a word.
 */
const FLOOD = 4096;

/** What was reported and not yet looked at. */
export class Errands {
  #names = new Map<Place, Set<string>>();
  readonly #whole = new Set<Place>();
  #reports = 0;

  add(directory: Place, file: string | undefined): void {
    this.#reports += 1;
    if (this.isFlood) this.#names.clear();
    else if (file === undefined) this.#whole.add(directory);
    else {
      const files = this.#names.get(directory);
      if (files === undefined) this.#names.set(directory, new Set([file]));
      else files.add(file);
    }
  }

  /** A report of what is nobody's concern, but for the place that it took. */
  addOther(): void {
    this.#reports += 1;
  }

  /** More than can be believed to be complete. */
  get isFlood(): boolean {
    return this.#reports > FLOOD;
  }

  /** Takes all of it. What lies above comes first: with a directory that is gone goes all that was reported in it. */
  take(): { readonly names: readonly (readonly [Place, ReadonlySet<string>])[]; readonly whole: readonly Place[] } {
    const names = [...this.#names].sort(([one], [other]) => (one < other ? -1 : 1));
    const whole = [...this.#whole].sort();
    this.#names = new Map();
    this.#whole.clear();
    this.#reports = 0;
    return { names, whole };
  }
}
