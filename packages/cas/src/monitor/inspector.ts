import { lstatSync, readdirSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isAbsence } from "../failures.ts";
import { BATCH } from "../listing.ts";
import type { Paths } from "../paths.ts";
import { rawNamesIn } from "../raw-names.ts";
import type { Comparison } from "./comparison.ts";
import type { Complaints } from "./complaints.ts";
import type { Memory } from "./memory.ts";
import { KIND_PLACES, onlyNamesIn, type Place, pathOf, placeBelow } from "./places.ts";
import type { Watchers } from "./watchers.ts";

/** What an inspector works with. */
export interface InspectorOptions {
  readonly paths: Paths;
  readonly memory: Memory;
  readonly comparison: Comparison;
  readonly complaints: Complaints;
  /** Left out: nothing is watched. */
  readonly watchers?: Watchers | undefined;
  readonly signal: AbortSignal;
}

/** Goes through directories, watches them, and has each name in them compared with what is remembered. */
export class Inspector {
  readonly #options: InspectorOptions;
  readonly #pending = new Set<Place>();
  #looked = 0;

  constructor(options: InspectorOptions) {
    this.#options = options;
  }

  /** Looks at some names of a directory, and at all of every directory that is new. */
  async inspectNames(directory: Place, files: Iterable<string>): Promise<void> {
    if (this.#options.comparison.canTellOf(directory)) {
      for (const file of files) this.#inspect(directory, file, false);
    }
    await this.#inspectPending(false);
  }

  /**
   * Looks at all of a directory.
   * @param deep - and at all below it
   * @returns how many names it looked at
   */
  async inspectAll(directory: Place, deep: boolean): Promise<number> {
    this.#looked = 0;
    this.#pending.clear();
    this.#pending.add(directory);
    await this.#inspectPending(deep);
    return this.#looked;
  }

  async #inspectPending(deep: boolean): Promise<void> {
    // What is added meanwhile comes last, so that the layout is known before what it describes.
    for (const directory of this.#pending) {
      this.#pending.delete(directory);
      for (const file of this.#filesIn(directory)) {
        if (++this.#looked % BATCH === 0) await nextTurn();
        this.#options.signal.throwIfAborted();
        this.#inspect(directory, file, deep);
      }
    }
  }

  #inspect(directory: Place, file: string, deep: boolean): void {
    const { comparison, watchers } = this.#options;
    const couldTell = comparison.canTellOf(KIND_PLACES[0] as Place);
    const found = comparison.compare(directory, file);
    const place = placeBelow(directory, file);
    if (found === "new directory" || (found === "directory" && deep)) this.#pending.add(place);
    if (found === "gone") watchers?.closeBelow(place);
    // The layout has come: now something can be told of what was there before it.
    if (!couldTell && comparison.canTellOf(KIND_PLACES[0] as Place))
      for (const kind of KIND_PLACES) this.#pending.add(kind);
  }

  /** What is in a directory and what was. It is watched first, so that nothing comes between. */
  #filesIn(directory: Place): Iterable<string> {
    const { paths, memory, comparison, complaints, watchers } = this.#options;
    if (!comparison.canTellOf(directory)) return [];
    const path = pathOf(paths, directory);
    try {
      const found = lstatSync(path, { throwIfNoEntry: false });
      if (found?.isDirectory() && watchers) complaints.watched(directory, watchers.watch(directory, path, found));
      const files = found?.isDirectory() ? (onlyNamesIn(directory) ?? readdirSync(path)) : [];
      complaints.readable(directory);
      for (const raw of rawNamesIn(path, files)) comparison.compareRaw(directory, raw);
      return new Set([...files, ...memory.filesIn(directory)]);
    } catch (error) {
      if (isAbsence(error)) return [...memory.filesIn(directory)];
      complaints.unreadable(directory, error);
      return [];
    }
  }
}
