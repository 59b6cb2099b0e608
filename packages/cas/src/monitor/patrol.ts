import { basename } from "node:path";
import { CacheError } from "@cache/core/adapter";
import type { Paths } from "../paths.ts";
import type { Assessment } from "./assessment.ts";
import type { Comparison } from "./comparison.ts";
import type { Complaints } from "./complaints.ts";
import { Errands } from "./errands.ts";
import type { Tell } from "./finding.ts";
import type { Inspector } from "./inspector.ts";
import { onlyNamesIn, type Place, ROOT, TOP } from "./places.ts";

/** Milliseconds between a report and the look at what it is about: reports come several for each change. */
const PAUSE = 50;

/** What a patrol works with. */
export interface PatrolOptions {
  readonly paths: Paths;
  readonly inspector: Inspector;
  readonly comparison: Comparison;
  readonly assessment: Assessment;
  readonly complaints: Complaints;
  readonly tell: Tell;
  /** Milliseconds between scans. */
  readonly interval: number;
}

/** Looks where something was reported, and from time to time everywhere; one look after the other. */
export class Patrol {
  readonly #options: PatrolOptions;
  readonly #errands = new Errands();
  /** Ends when all looks so far have. */
  #turn: Promise<unknown> = Promise.resolve();
  #nextRound: NodeJS.Timeout | undefined;
  #nextScan: NodeJS.Timeout | undefined;
  #isRescanDue = false;
  #isClosed = false;

  constructor(options: PatrolOptions) {
    this.#options = options;
  }

  /** Something was reported of a name in a directory, or of any. */
  reported(directory: Place, file: string | undefined): void {
    if (this.#isClosed) return;
    const only = onlyNamesIn(directory);
    const name = directory === TOP && file === basename(this.#options.paths.root) ? ROOT : file;
    if (only === undefined || name === undefined || only.includes(name)) this.#errands.add(directory, name);
    else this.#errands.addOther();
    this.#nextRound ??= setTimeout(() => this.#attempt(() => this.#round()), PAUSE);
  }

  /** Nothing more will be reported of some directory. */
  lost(): void {
    if (this.#isClosed || this.#isRescanDue) return;
    this.#isRescanDue = true;
    this.#options.tell({ type: "rescan", level: "info", path: ROOT, reason: "watch-failed" });
    void this.#attempt(() => this.#scan());
  }

  /** The first look: what is there is taken as it is, but for what can be seen to be wrong. */
  async begin(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#options.inspector.inspectAll(TOP, true);
      this.#options.comparison.takeSuspects();
    });
    this.#plan();
  }

  /** Looks at everything. @returns how many names it looked at */
  async scan(): Promise<number> {
    if (this.#isClosed) throw new CacheError("ERR_CACHE_STORE", "the monitor was closed");
    return await this.#inTurn(() => this.#scan());
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#nextRound);
    clearTimeout(this.#nextScan);
    await this.#turn;
  }

  async #scan(): Promise<number> {
    const { inspector, comparison, assessment } = this.#options;
    this.#isRescanDue = false;
    this.#errands.take();
    const looked = await inspector.inspectAll(TOP, true);
    await assessment.assessAll(comparison.takeSuspects(), comparison.levels);
    return looked;
  }

  async #round(): Promise<void> {
    this.#nextRound = undefined;
    const { inspector, comparison, assessment, tell } = this.#options;
    if (this.#errands.isFlood) {
      tell({ type: "rescan", level: "info", path: ROOT, reason: "flood" });
      await this.#scan();
      return;
    }
    const { names, whole } = this.#errands.take();
    for (const [directory, files] of names) await inspector.inspectNames(directory, files);
    for (const directory of whole) await inspector.inspectAll(directory, false);
    await assessment.assess(comparison.takeSuspects(), comparison.levels);
  }

  #plan(): void {
    if (this.#isClosed) return;
    this.#nextScan = setTimeout(() => {
      void this.#attempt(() => this.#scan()).then(() => this.#plan());
    }, this.#options.interval);
  }

  /** For looks that nobody waits for: what fails is told of, and tried again by the next scan. */
  async #attempt(look: () => Promise<unknown>): Promise<void> {
    try {
      await this.#inTurn(look);
    } catch (error) {
      if (!this.#isClosed) this.#options.complaints.unreadable(ROOT, error);
    }
  }

  #inTurn<T>(look: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => {
      if (this.#isClosed) throw new CacheError("ERR_CACHE_STORE", "the monitor was closed");
      return look();
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
