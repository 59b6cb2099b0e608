import type { Name } from "@cache/core/adapter";
import type { Levels } from "../options.ts";
import type { Suspect } from "./comparison.ts";
import type { Tell } from "./finding.ts";
import type { Judge, Verdict } from "./judge.ts";
import { placeOfName } from "./places.ts";

/** A value on which there is no last word yet. */
interface Waiting extends Suspect {
  /** Whether it was said that it could not be looked at. */
  readonly told: boolean;
}

const isContent = (name: Name): boolean => name.startsWith("blobs/");

const isLastWord = ({ is }: Verdict): boolean => is !== "loose" && is !== "failed";

/**
 * Turns what differs into alerts, by what verification says of it. A writer stores content before the entry that names
 * it, and an entry before its note: what is new and cannot be told yet waits for these, and then for the next scan.
 */
export class Assessment {
  readonly #judge: Judge;
  readonly #tell: Tell;
  readonly #waiting = new Map<Name, Waiting>();

  constructor(judge: Judge, tell: Tell) {
    this.#judge = judge;
    this.#tell = tell;
  }

  /** Judges values and tells what is to be told. */
  async assess(suspects: readonly Suspect[], levels: Levels): Promise<void> {
    await this.#assess(suspects, levels, false);
  }

  /** As {@link assess}, with what waited since before. */
  async assessAll(suspects: readonly Suspect[], levels: Levels): Promise<void> {
    const waiting = [...this.#waiting.values()];
    await this.#assess(suspects, levels, false);
    await this.#assess(
      waiting.filter(({ name }) => this.#waiting.has(name)),
      levels,
      true,
    );
  }

  async #assess(suspects: readonly Suspect[], levels: Levels, last: boolean): Promise<void> {
    if (suspects.length === 0) return;
    const asked = new Map(suspects.map((suspect) => [suspect.name, suspect]));
    for (const [name, verdict] of await this.#verdicts(asked, last)) {
      const suspect = asked.get(name);
      const waiting = isLastWord(verdict) ? this.#waiting.get(name) : undefined;
      if (verdict.is === "damaged") this.#damaged(name, verdict, levels);
      else if (suspect !== undefined) this.#conclude(suspect, verdict, levels, last);
      else if (waiting !== undefined) this.#conclude(waiting, verdict, levels, true);
    }
  }

  async #verdicts(asked: ReadonlyMap<Name, Suspect>, last: boolean): Promise<ReadonlyMap<Name, Verdict>> {
    try {
      const verdicts = await this.#judge.judge([...asked.keys()]);
      const isSought = (name: Name): boolean => isContent(name) && verdicts.get(name)?.is === "loose";
      // Looking through all entries is long, so that is done once a scan, and at once only for what no writer does.
      const sought = [...asked].filter(([name, { inPlace }]) => isSought(name) && (last || inPlace));
      if (sought.length === 0) return verdicts;
      return new Map([...verdicts, ...(await this.#judge.search(new Set(sought.map(([name]) => name))))]);
    } catch (error) {
      // They are remembered as they are by now, so nothing else would bring them here again.
      for (const [name, suspect] of asked) this.#waiting.set(name, { ...suspect, told: false });
      throw error;
    }
  }

  #damaged(name: Name, { code, quarantined }: Extract<Verdict, { is: "damaged" }>, levels: Levels): void {
    this.#waiting.delete(name);
    const path = placeOfName(name, levels);
    this.#tell({ type: "damaged", level: "security", path, name, code, quarantined });
  }

  #conclude(suspect: Suspect, verdict: Exclude<Verdict, { is: "damaged" }>, levels: Levels, last: boolean): void {
    const { name, replaced, touched } = suspect;
    const told = this.#waiting.get(name)?.told === true;
    const path = placeOfName(name, levels);
    this.#waiting.delete(name);
    if (verdict.is === "failed" || (verdict.is === "loose" && !last && (!touched || isContent(name)))) {
      this.#waiting.set(name, { ...suspect, told: told || verdict.is === "failed" });
    }
    // A use changes the time of a file, too; where its content can tell nothing, that is no reason for an alert.
    if (touched || verdict.is === "gone") return;
    if (verdict.is === "sound") this.#tell({ type: "written", level: "info", path, name, replaced });
    else if (verdict.is === "loose" ? last : verdict.is === "foreign" || !told) {
      const code = "code" in verdict ? verdict.code : undefined;
      this.#tell({ type: "unverified", level: code === undefined ? "info" : "warning", path, name, replaced, code });
    }
  }
}
