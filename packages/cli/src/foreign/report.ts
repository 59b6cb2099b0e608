import { printable, writeJson, writeLine } from "../output.ts";
import { type ProgressLine, progressLine } from "../progress.ts";
import { Counts, exitCodeOf } from "./tally.ts";

/** One thing that a job came to a verdict on. */
export interface Row {
  readonly name: string;
  /** One word: what the report counts by. */
  readonly outcome: string;
  readonly code?: string | undefined;
}

/** Tells of a job as it goes: a line for each thing, or one document at the end. */
export class Report {
  readonly counts: Counts = new Counts();
  readonly #json: boolean;
  readonly #doing: string;
  readonly #files: object[] = [];
  readonly #line: ProgressLine = progressLine();
  #done = 0;

  constructor(doing: string, json: boolean) {
    this.#doing = doing;
    this.#json = json;
  }

  /** @param document - what the row is in the document, when it is more than its text */
  async tell(row: Row, document: object = row): Promise<void> {
    const { name, outcome, code } = row;
    this.counts.add(outcome);
    this.#done += 1;
    if (this.#json) this.#files.push(document);
    else await writeLine(`${outcome.padEnd(10)} ${printable(name)}${code === undefined ? "" : ` (${code})`}`);
    this.#line.show(`${this.#doing}: ${this.#done}`);
  }

  /**
   * @param about - what else the document says
   * @returns the exit code
   */
  async end(about: Readonly<Record<string, unknown>>): Promise<number> {
    this.#line.done();
    const { counts } = this;
    if (this.#json) await writeJson({ ...about, counts, files: this.#files });
    else await writeLine(`${counts}${about.dryRun === true ? "; a dry run: nothing was changed" : ""}`);
    return exitCodeOf(counts);
  }
}
