import { type FSWatcher, type Stats, watch } from "node:fs";
import { errno } from "../failures.ts";
import type { Place } from "./places.ts";

/** More directories than a store of one level has, and few enough to leave some watches to others. */
const MOST = 16_384;

/** What is told of a directory that is watched. */
export interface WatchListener {
  /** Something happened to a name in it; without a name, to any. */
  reported(directory: Place, file: string | undefined): void;
  /** Nothing more will be told of some directory. */
  lost(): void;
}

interface Watched {
  readonly watcher: FSWatcher;
  /** Which directory it is: another may have its name by now. */
  readonly identity: string;
}

/** One watch of the system for each directory. */
export class Watchers {
  readonly #listener: WatchListener;
  readonly #watched = new Map<Place, Watched>();

  constructor(listener: WatchListener) {
    this.#listener = listener;
  }

  get count(): number {
    return this.#watched.size;
  }

  /**
   * Watches a directory, unless it is watched.
   * @returns why it cannot be, in the platform's words
   */
  watch(place: Place, path: string, found: Stats): string | undefined {
    const identity = `${found.dev}-${found.ino}-${found.birthtimeMs}`;
    if (this.#watched.get(place)?.identity === identity) return undefined;
    this.close(place);
    if (this.#watched.size >= MOST) return "LIMIT";
    try {
      const watcher = watch(path, (_, file) => this.#listener.reported(place, file ?? undefined));
      this.#watched.set(place, { watcher, identity });
      watcher.on("error", () => {
        this.close(place);
        this.#listener.lost();
      });
      return undefined;
    } catch (error) {
      return errno(error) ?? "UNKNOWN";
    }
  }

  close(place: Place): void {
    this.#watched.get(place)?.watcher.close();
    this.#watched.delete(place);
  }

  /** For a directory that is gone, with all that were in it. */
  closeBelow(place: Place): void {
    for (const each of this.#watched.keys()) if (each === place || each.startsWith(`${place}/`)) this.close(each);
  }

  closeAll(): void {
    for (const place of this.#watched.keys()) this.close(place);
  }
}
