import { isAmongValues, type Place, placeBelow } from "./places.ts";
import type { Seen } from "./seen.ts";

/** What a monitor has seen, by directory. */
export class Memory {
  readonly #directories = new Map<Place, Map<string, Seen>>();

  get(directory: Place, file: string): Seen | undefined {
    return this.#directories.get(directory)?.get(file);
  }

  set(directory: Place, file: string, seen: Seen): void {
    let files = this.#directories.get(directory);
    if (files === undefined) {
      files = new Map();
      this.#directories.set(directory, files);
    }
    files.set(file, seen);
  }

  delete(directory: Place, file: string): void {
    this.#directories.get(directory)?.delete(file);
  }

  filesIn(directory: Place): Iterable<string> {
    return this.#directories.get(directory)?.keys() ?? [];
  }

  /** Forgets everything below a directory. @returns of how many values it knew */
  forgetBelow(directory: Place): number {
    const files = this.#directories.get(directory);
    if (files === undefined) return 0;
    this.#directories.delete(directory);
    let count = 0;
    for (const [file, { what }] of files) {
      if (what === "directory") count += this.forgetBelow(placeBelow(directory, file));
      else if (what === "file" && isAmongValues(directory)) count += 1;
    }
    return count;
  }
}
