import { errno } from "../failures.ts";
import type { Tell } from "./finding.ts";
import { type Place, ROOT, TOP } from "./places.ts";

/** Where nothing can be found out at the moment, told of when it begins. */
export class Complaints {
  readonly #tell: Tell;
  readonly #unreadable = new Set<Place>();
  readonly #unwatched = new Set<Place>();

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** Directories that are only looked at by scans. */
  get unwatched(): number {
    return this.#unwatched.size;
  }

  unreadable(place: Place, error: unknown): void {
    if (this.#unreadable.has(place)) return;
    this.#unreadable.add(place);
    const reason = errno(error) ?? (error instanceof Error ? error.name : "UNKNOWN");
    this.#tell({ type: "unreadable", level: "warning", path: place === TOP ? ROOT : place, reason });
  }

  readable(place: Place): void {
    if (this.#unreadable.size > 0) this.#unreadable.delete(place);
  }

  /** One alert for all directories: where watches are used up, they are for most. */
  watched(place: Place, reason: string | undefined): void {
    if (reason === undefined) {
      this.#unwatched.delete(place);
      return;
    }
    const isFirst = this.#unwatched.size === 0;
    this.#unwatched.add(place);
    if (isFirst) this.#tell({ type: "unwatched", level: "warning", path: place === TOP ? ROOT : place, reason });
  }

  /** For a directory that is gone. */
  forgetBelow(place: Place): void {
    for (const each of this.#unwatched)
      if (each === place || each.startsWith(`${place}/`)) this.#unwatched.delete(each);
  }
}
