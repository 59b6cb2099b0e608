import { posix, win32 } from "node:path";
import type { Given } from "../command.ts";
import { note } from "../output.ts";
import { UsageError } from "../usage-error.ts";

/** What `--exclude` leaves out: what has one of the paths below what is looked at, or one of the names wherever it lies. */
export class Excludes {
  /** What each stands for in a tree, by what was given. */
  readonly #given: ReadonlyMap<string, string>;
  readonly #met = new Set<string>();

  /** @throws UsageError for what no path in a tree can be */
  constructor(given: Given) {
    this.#given = new Map(given.all("exclude").map((each) => [each, pathIn(each)]));
  }

  readonly has = (path: string): boolean => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    let isAny = false;
    for (const [given, excluded] of this.#given) {
      if (excluded !== path && excluded !== name) continue;
      this.#met.add(given);
      isAny = true;
    }
    return isAny;
  };

  /** Says which were of no effect: somebody meant something by them that is kept, or counts, all the same. */
  mentionUnmet(): void {
    for (const each of this.#given.keys())
      if (!this.#met.has(each))
        note(`--exclude ${each} left nothing out: it takes a name, or a path below what is looked at`);
  }
}

function pathIn(given: string): string {
  const path = posix.normalize(process.platform === "win32" ? given.replaceAll("\\", "/") : given).replace(/\/$/, "");
  const isOutside = path === "" || path === "." || path === ".." || path.startsWith("../");
  if (given === "" || isOutside || posix.isAbsolute(path) || (process.platform === "win32" && win32.isAbsolute(path)))
    throw new UsageError("what --exclude names lies in nothing", "give a name, or a path below what is looked at");
  return path;
}
