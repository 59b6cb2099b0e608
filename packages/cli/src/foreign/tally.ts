import { EXIT } from "../exit-codes.ts";

/** How often each outcome came. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(outcome: string): void {
    this.#counts.set(outcome, this.of(outcome) + 1);
  }

  of(outcome: string): number {
    return this.#counts.get(outcome) ?? 0;
  }

  /** In the order in which they first came. */
  toJSON(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  /** `12 signed, 1 unsigned`, for people. */
  toString(): string {
    return [...this.#counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ") || "no files";
  }
}

const REFUSED = ["unsigned", "rejected", "damaged", "too-large", "not-a-file", "occupied"];

/** What was refused comes before what could not be read: somebody may have put it there. */
export function exitCodeOf(counts: Counts): number {
  if (REFUSED.some((outcome) => counts.of(outcome) > 0)) return EXIT.rejected;
  return counts.of("unreadable") > 0 ? EXIT.store : EXIT.ok;
}
