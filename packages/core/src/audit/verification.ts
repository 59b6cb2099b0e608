import { toHex } from "../bytes/hex.ts";
import { type AuditKey, holds, START } from "./chain.ts";
import { type AuditLine, headOf, parseLine } from "./line.ts";
import { Problems } from "./problems.ts";
import type { AuditProblem, AuditReport } from "./report.ts";
import { Runs } from "./runs.ts";

/** Where a line stands. */
interface At {
  readonly file: string;
  readonly line: number;
}

/** A line that is one, where it stands, and what is wrong with who made it. */
type Placed = AuditLine & At & { readonly author: AuditProblem["what"] | undefined };

/** A head as it was remembered. */
export interface ExpectedHead {
  readonly seq: number;
  readonly text: string;
}

/** The lines of a log, one after the other. */
export class Verification {
  readonly #keys: ReadonlyMap<string, AuditKey> | undefined;
  readonly #expected: ExpectedHead | undefined;
  readonly #problems = new Problems();
  readonly #runs = new Runs();
  readonly #held = new Set<string>();
  #lines = 0;
  #first: Placed | undefined;
  #last: Placed | undefined;
  /** The last one that is believed: what a writer goes on from that believes no line after it. */
  #believed: Placed | undefined;
  #end: At | undefined;
  /** Before this `seq` lines may be gone, as the log says. */
  #dropped = 0;
  #isExpectedHere = false;

  /** Without keys only a chain without one can be checked; with any, none such is believed. */
  constructor(keys: readonly AuditKey[] | undefined, expected: ExpectedHead | undefined) {
    this.#keys = keys && new Map(keys.map((key) => [toHex(key.id), key]));
    this.#expected = expected;
  }

  take(bytes: Uint8Array | undefined, at: At): void {
    this.#lines += 1;
    this.#end = at;
    const line = bytes && parseLine(bytes);
    if (line === undefined) {
      this.#problems.add({ ...at, what: "unreadable" });
      return;
    }
    const author = this.#authorOf(line);
    if (author !== undefined) this.#problems.add({ ...at, ...author });
    const placed = { ...line, ...at, author: author?.what };
    this.#first ??= placed;
    if (placed.author === "edited") this.#runs.forgive();
    else this.#place(placed, this.#first.seq);
    this.#runs.take(line);
    this.#isExpectedHere ||= headOf(line) === this.#expected?.text;
    this.#last = placed;
    if (author === undefined) this.#believed = placed;
  }

  /** What is wrong with who made a line, if anything is. */
  #authorOf(line: AuditLine): Pick<AuditProblem, "what" | "keyId"> | undefined {
    if (line.key === undefined) {
      if (this.#keys !== undefined) return { what: "unkeyed" };
      return holds(undefined, line) ? undefined : { what: "edited" };
    }
    const key = this.#keys?.get(line.key);
    if (key === undefined) return { what: "unknown-key", keyId: line.key };
    if (!holds(key, line)) return { what: "edited" };
    this.#held.add(line.key);
    return undefined;
  }

  #place(line: Placed, first: number): void {
    const { file, line: at } = line;
    const what = this.#breakBefore(line, this.#last);
    if (what !== undefined) this.#runs.forgive();
    if (what === "removed") this.#problems.add({ file, line: at, what });
    // Of a line that nobody vouches for only the next one says whether it is what was written.
    else if (what === "edited" && this.#last !== undefined)
      this.#problems.add({ file: this.#last.file, line: this.#last.line, what });
    else if (this.#runs.isGapBefore(line, first)) this.#problems.add({ file, line: at, what: "gap" });
    if (line.author === undefined) this.#dropped = Math.max(this.#dropped, Math.min(line.files[0] ?? 0, line.seq));
  }

  #breakBefore(line: Placed, last: Placed | undefined): "removed" | "edited" | undefined {
    if (last === undefined) return undefined;
    if (line.author === undefined && follows(line, this.#believed)) return undefined;
    if (line.seq !== last.seq + 1) return "removed";
    if (line.before === last.link || last.author === "edited") return undefined;
    return last.author === undefined ? "removed" : "edited";
  }

  /** @param files - the oldest first */
  report(files: readonly string[]): AuditReport {
    const first = this.#first;
    // What the log did not drop itself was removed by somebody else.
    if (first !== undefined && first.seq > this.#dropped)
      this.#problems.add({ file: first.file, line: first.line, what: "removed" });
    const end = this.#endIs();
    const nothing = { file: files.at(-1) ?? "", line: 1 };
    if (end === "cut") this.#problems.add({ ...(this.#end ?? nothing), what: "cut" });
    return {
      ...{ files: files.length, lines: this.#lines, runs: this.#runs.count, open: this.#runs.open },
      keyIds: [...this.#held].sort(),
      rotatedAway: this.#rotatedAway,
      ...{ head: this.#last && headOf(this.#last), end, problems: this.#problems.all },
    };
  }

  get #rotatedAway(): number {
    return Math.min(this.#first?.seq ?? 0, this.#dropped);
  }

  #endIs(): AuditReport["end"] {
    if (this.#expected === undefined) return "unproven";
    if (this.#isExpectedHere) return "proven";
    return this.#expected.seq < this.#rotatedAway ? "rotated-away" : "cut";
  }
}

const follows = ({ seq, before }: AuditLine, last: AuditLine | undefined): boolean =>
  last === undefined ? seq === 0 && before === START : seq === last.seq + 1 && before === last.link;
