import { lstatSync, renameSync } from "node:fs";
import { join, sep } from "node:path";
import { isAbsence } from "./failures.ts";
import type { Levels } from "./options.ts";
import { type Paths, type Place, randomName } from "./paths.ts";
import { isPrivateDirectory, makePrivate } from "./privacy.ts";

/**
 * The directories between a kind and its values, named by the first digits so that none grows too large. A link planted in
 * the place of one would lead reads and writes elsewhere, so each is looked at before its first use: once, since that
 * would cost every other call a system call, and who can plant one later can change what lies here as well.
 */
export class FanOuts {
  readonly #paths: Paths;
  readonly #levels: Levels;
  readonly #known = new Set<string>();

  constructor(paths: Paths, levels: Levels) {
    this.#paths = paths;
    this.#levels = levels;
  }

  /**
   * Where the value of a name lies, if there is a directory for it.
   * @throws CacheError ERR_CACHE_UNSAFE_PATH when others can write to that directory
   */
  find(place: Place): string | undefined {
    const directory = this.#directory(place, this.#levels);
    if (!this.#known.has(directory)) {
      for (let level = 1; level <= this.#levels; level++) {
        if (!isPrivateDirectory(this.#directory(place, level))) return undefined;
      }
      this.#known.add(directory);
    }
    return directory + sep + place.hex;
  }

  /** Where the value of a name belongs. Directories are made, and what has their name and is none is set aside. */
  make(place: Place): string {
    for (let level = 1; level <= this.#levels; level++) {
      const directory = this.#directory(place, level);
      if (isPrivateDirectory(directory)) continue;
      this.#setAside(directory);
      makePrivate(directory);
    }
    const directory = this.#directory(place, this.#levels);
    this.#known.add(directory);
    return directory + sep + place.hex;
  }

  #directory({ kind, hex }: Place, level: number): string {
    const first = this.#paths.version + sep + kind + sep + hex.slice(0, 2);
    return level === 1 ? first : first + sep + hex.slice(2, 4);
  }

  #setAside(path: string): void {
    // A directory that another process has made since is no plant.
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== false) return;
    try {
      renameSync(path, join(this.#paths.quarantine, randomName()));
    } catch (error) {
      // Another process was first.
      if (!isAbsence(error)) throw error;
    }
  }
}
