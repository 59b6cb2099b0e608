import type { AuditLine } from "./line.ts";

interface Run {
  readonly n: number;
  readonly seq: number;
  readonly closed: boolean;
  /** How many breaks of the log there were before its last line. */
  readonly breaks: number;
}

/** The runs of a log, each with its last line. */
export class Runs {
  readonly #runs = new Map<string, Run>();
  #breaks = 0;

  get count(): number {
    return this.#runs.size;
  }

  /** Those that did not say that they ended. */
  get open(): number {
    return [...this.#runs.values()].filter(({ closed }) => !closed).length;
  }

  /** Something is wrong here, which was told: what it did to each run is not told once more. */
  forgive(): void {
    this.#breaks += 1;
  }

  /**
   * Whether a line of the same run should stand before this one and does not.
   * @param first - `seq` of the first line that is here
   */
  isGapBefore({ run, n, prior }: AuditLine, first: number): boolean {
    const last = this.#runs.get(run);
    if ((last?.breaks ?? 0) < this.#breaks) return false;
    if (last !== undefined) return prior === undefined || prior > last.seq || n !== last.n + 1;
    return prior === undefined ? n !== 0 : prior >= first;
  }

  take({ run, n, seq, type }: AuditLine): void {
    this.#runs.set(run, { n, seq, closed: type === "closed", breaks: this.#breaks });
  }
}
