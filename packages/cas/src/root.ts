import { lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CacheError } from "@cache/core/adapter";
import { FanOuts } from "./fan-outs.ts";
import { checkLevels, readLayout, writeLayout } from "./layout.ts";
import { moveIfFree, unlinkQuietly } from "./moving.ts";
import type { Levels } from "./options.ts";
import { directoriesOf, type Paths, pathsOf, randomName } from "./paths.ts";
import { checkPrivate, makePrivate, settle } from "./privacy.ts";

/** The Cache Directory Tagging Specification's signature: programs that make backups leave such a directory out. */
const TAG =
  "Signature: 8a477f597d28d172789f06886806bc55\n# This directory is a cache; see https://bford.info/cachedir/\n";

/**
 * Milliseconds for which a store that was looked at is believed to be as it was: rights that were given away since, or
 * something else in its place, are found after that.
 */
const BELIEVED = 1000;

/** A store's directories, known to be safe and of the recorded layout. */
export interface Found {
  readonly paths: Paths;
  readonly levels: Levels;
  readonly fanOuts: FanOuts;
}

/**
 * The way from a directory given by the user to directories that are safe to use. Looks at the medium on first use, again
 * after a second, and whenever something turns out to be gone; synchronously, so that callers within a process never meet halfway.
 */
export class StoreRoot {
  /** As the user gave it, made absolute. */
  readonly directory: string;
  readonly #levels: Levels | undefined;
  #found: Found | undefined;
  #looked = 0;
  #closed = false;

  constructor(directory: string, levels: Levels | undefined) {
    this.directory = directory;
    this.#levels = levels;
  }

  /** From now on every use fails: nothing may make the directories again once they were removed. */
  close(): void {
    this.#closed = true;
  }

  /** The store, or `undefined` while there is none. Creates nothing. */
  look(): Found | undefined {
    if (this.#closed) throw new CacheError("ERR_CACHE_STORE", "the store was closed");
    const age = Date.now() - this.#looked;
    return this.#found !== undefined && age >= 0 && age < BELIEVED ? this.#found : this.lookNow();
  }

  /** As {@link look}, for what concludes from the absence of values that something may go. */
  lookNow(): Found | undefined {
    if (this.#closed) throw new CacheError("ERR_CACHE_STORE", "the store was closed");
    this.#found = undefined;
    this.#found = this.#search();
    this.#looked = Date.now();
    return this.#found;
  }

  /** The store, made if there is none. */
  prepare(): Found {
    return this.look() ?? this.#build();
  }

  /** The store, with whatever was removed from it meanwhile made again. */
  repair(): Found {
    this.#found = undefined;
    this.look();
    return this.#build();
  }

  #build(): Found {
    this.#found = undefined;
    this.#make(pathsOf(settle(this.directory)));
    const found = this.look();
    if (found === undefined) throw new Error("the store is removed while it is made");
    return found;
  }

  #search(): Found | undefined {
    const paths = pathsOf(settle(this.directory));
    if (!checkPrivate(paths.root) || !checkPrivate(paths.version)) return undefined;
    const levels = readLayout(paths.layout);
    if (levels === undefined) return undefined;
    checkLevels(paths.layout, levels, this.#levels);
    for (const directory of directoriesOf(paths)) checkPrivate(directory);
    return { paths, levels, fanOuts: new FanOuts(paths, levels) };
  }

  /** The layout comes last: once it is there, so is all the rest. Any step may find that another process was first. */
  #make(paths: Paths): void {
    mkdirSync(dirname(paths.root), { recursive: true, mode: 0o700 });
    makePrivate(paths.root);
    checkPrivate(paths.root);
    for (const directory of directoriesOf(paths)) {
      makePrivate(directory);
      checkPrivate(directory);
    }
    tag(paths);
    place(paths, paths.layout, (temporary) => writeLayout(temporary, this.#levels ?? 1));
  }
}

/** Writes a file aside and moves it to its place unless there is one, so that no half of it is ever there. */
function place({ temporary }: Paths, path: string, write: (path: string) => void): void {
  const aside = join(temporary, randomName());
  try {
    write(aside);
    moveIfFree(aside, path);
  } catch (error) {
    unlinkQuietly(aside);
    throw error;
  }
}

/** Tags the root, or only the store's own part of it when the root holds other things, which belong in backups. */
function tag(paths: Paths): void {
  const ours = new Set([basename(paths.version), "CACHEDIR.TAG"]);
  const whole = readdirSync(paths.root).every((name) => ours.has(name));
  const path = join(whole ? paths.root : paths.version, "CACHEDIR.TAG");
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  place(paths, path, (temporary) => writeFileSync(temporary, TAG, { flag: "wx", mode: 0o600 }));
}
