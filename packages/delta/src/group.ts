import type { Settings } from "./options.ts";
import type { Candidate } from "./record.ts";
import type { Measure } from "./source.ts";

/** References that are remembered for a group: one for each of the kinds of files that share a prefix, and not many. */
const MOST = 3;

/** A put of a reference that is younger than this need not be repeated. Below the quarter of an hour that collectors leave. Milliseconds. */
const FRESH = 600_000;

/** What a put remembers of the group of its version: everything that shares its name up to the last slash. */
export class Group {
  readonly #settings: Settings;
  readonly #key: string;
  #candidates: readonly Candidate[] = [];
  #changed = false;

  private constructor(settings: Settings, key: string) {
    this.#settings = settings;
    this.#key = key;
  }

  static async of(settings: Settings, name: string, signal?: AbortSignal): Promise<Group> {
    const group = new Group(settings, name.slice(0, name.lastIndexOf("/") + 1) || "/");
    const found = await settings.groups.lookup(group.#key, { signal });
    // Whatever else it is: without hints the version is stored whole, and leaves a new hint.
    if (found.state === "hit") group.#candidates = found.value.candidates.slice(0, MOST);
    return group;
  }

  get candidates(): readonly Candidate[] {
    return this.#candidates;
  }

  /** Whether a collector could be about to remove it when no version needs it any more. */
  isOld({ put }: Candidate): boolean {
    return Math.abs(this.#settings.now() - put) >= FRESH;
  }

  /** What was just put, and is a reference for those to come. */
  wasPut({ digest, size }: Measure): void {
    const others = this.#candidates.filter((each) => each.digest !== digest);
    this.#candidates = [{ digest, size, put: this.#settings.now() }, ...others].slice(0, MOST);
    this.#changed = true;
  }

  /** What was put again, and stays in its place. */
  wasRefreshed(candidate: Candidate): void {
    const put = this.#settings.now();
    this.#candidates = this.#candidates.map((each) => (each.digest === candidate.digest ? { ...each, put } : each));
    this.#changed = true;
  }

  async keep(signal?: AbortSignal): Promise<void> {
    if (!this.#changed) return;
    await this.#settings.groups.set(this.#key, { format: 1, candidates: this.#candidates }, { signal });
  }
}
