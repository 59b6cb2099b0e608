import type { AuditProblem } from "./report.ts";

/** Of each kind, so that many of one do not hide another one. */
const MOST = 1000;

/** What was found, with lines that follow each other taken together. */
export class Problems {
  readonly #problems: AuditProblem[] = [];
  readonly #counts = new Map<AuditProblem["what"], number>();
  readonly #latest = new Map<AuditProblem["what"], number>();

  get all(): readonly AuditProblem[] {
    return this.#problems;
  }

  add(found: Omit<AuditProblem, "lines">): void {
    const { what } = found;
    const at = this.#latest.get(what) ?? -1;
    const latest = this.#problems[at];
    if (latest !== undefined && isNextOf(latest, found)) {
      this.#problems[at] = { ...latest, lines: latest.lines + 1 };
      return;
    }
    const count = this.#counts.get(what) ?? 0;
    if (count >= MOST) return;
    this.#counts.set(what, count + 1);
    this.#latest.set(what, this.#problems.push({ ...found, lines: 1 }) - 1);
  }
}

const isNextOf = (latest: AuditProblem, { file, line, keyId }: Omit<AuditProblem, "lines">): boolean =>
  latest.file === file && latest.keyId === keyId && latest.line + latest.lines === line;
