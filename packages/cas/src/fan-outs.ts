import { lstatSync, renameSync } from "node:fs";
import { join, sep } from "node:path";
import { isAbsence } from "./failures.ts";
import type { Levels } from "./options.ts";
import type { Paths, Place } from "./paths.ts";
import { isPrivateDirectory, makePrivate } from "./privacy.ts";
import { quarantinedAs } from "./quarantine.ts";
import { tellRemoved } from "./witness.ts";

/** Milliseconds for which a directory that was looked at is believed to be one still, by those who only read. */
const BELIEVED = 1000;

/**
 * The directories between a kind and its values, named by the first digits so that none grows too large. A link planted in
 * the place of one would lead reads and writes elsewhere, so each is looked at: before every write and removal, and for
 * reads again after a second, since a call each time would cost them a tenth, and what they find is verified anyway.
 */
export class FanOuts {
  readonly #paths: Paths;
  readonly #levels: Levels;
  readonly #directories = new Map<string, string>();
  /** When each was last looked at. */
  readonly #known = new Map<string, number>();

  constructor(paths: Paths, levels: Levels) {
    this.#paths = paths;
    this.#levels = levels;
  }

  /**
   * Where the value of a name can be read, if there is a directory for it.
   * @throws CacheError ERR_CACHE_UNSAFE_PATH when others can write to that directory
   */
  find(place: Place): string | undefined {
    const directory = this.#directory(place, this.#levels);
    const looked = this.#known.get(directory);
    const age = looked === undefined ? BELIEVED : Date.now() - looked;
    // A clock that was set back makes no belief last longer.
    return age >= 0 && age < BELIEVED ? directory + sep + place.hex : this.findNow(place);
  }

  /** As {@link find}, for what changes something: a directory that another program put a link in the place of is none. */
  findNow(place: Place): string | undefined {
    const directory = this.#directory(place, this.#levels);
    for (let level = 1; level <= this.#levels; level++) {
      if (isPrivateDirectory(this.#directory(place, level))) continue;
      this.#known.delete(directory);
      return undefined;
    }
    this.#known.set(directory, Date.now());
    return directory + sep + place.hex;
  }

  /** Where the value of a name belongs. Directories are made, and what has their name and is none is set aside. */
  make(place: Place): string {
    for (let level = 1; level <= this.#levels; level++) {
      const directory = this.#directory(place, level);
      if (isPrivateDirectory(directory)) continue;
      this.#setAside(directory, place);
      makePrivate(directory);
    }
    const directory = this.#directory(place, this.#levels);
    this.#known.set(directory, Date.now());
    return directory + sep + place.hex;
  }

  /** The same text each time, which is put together once, and hashed once where it is looked for. */
  #directory({ kind, hex }: Place, level: number): string {
    const id = kind + hex.slice(0, 2 * level);
    const known = this.#directories.get(id);
    if (known !== undefined) return known;
    const first = this.#paths.version + sep + kind + sep + hex.slice(0, 2);
    const directory = level === 1 ? first : first + sep + hex.slice(2, 4);
    this.#directories.set(id, directory);
    return directory;
  }

  /** Under the name of the value it was in the way of, so that it is counted with the rest of the quarantine. */
  #setAside(path: string, { kind, hex }: Place): void {
    // A directory that another process has made since is no plant.
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== false) return;
    try {
      renameSync(path, join(this.#paths.quarantine, quarantinedAs(kind, hex)));
      tellRemoved(path);
    } catch (error) {
      // Another process was first.
      if (!isAbsence(error)) throw error;
    }
  }
}
