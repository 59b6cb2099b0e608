import { lstatSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kind, Name } from "@cache/core/adapter";
import { filesIn } from "./files-in.ts";
import { BATCH, placeIn } from "./listing.ts";
import type { Levels } from "./options.ts";
import { KINDS } from "./paths.ts";
import { rawNamesIn } from "./raw-names.ts";
import type { Found } from "./root.ts";

/** Something among the values of a store that no put left there. */
export interface Planted {
  /** Where it is. What it leads to, or holds, was not looked at. */
  readonly path: string;
  readonly what: "file" | "directory" | "link" | "fifo" | "socket" | "device";
  /** The value whose place it has taken, when it has taken that of one. */
  readonly name?: Name | undefined;
}

/**
 * Everything below the kinds that is neither a value nor a directory of values. Nothing is opened and no link is
 * followed: what is asked is only what each name is.
 */
export async function* plantedIn(
  { paths, levels }: Found,
  signal?: AbortSignal,
): AsyncGenerator<Planted, void, undefined> {
  let rows = 0;
  for (const kind of KINDS) {
    for (const planted of below(join(paths.version, kind), kind, levels, "")) {
      if (++rows % BATCH === 0) await nextTurn();
      signal?.throwIfAborted();
      if (planted !== undefined) yield planted;
    }
  }
}

/** What is planted below a directory; `undefined` for each value between, so that the caller can count and pause. */
function* below(
  directory: string,
  kind: Kind,
  levels: Levels | 0,
  digits: string,
): Generator<Planted | undefined, void, undefined> {
  const files = filesIn(directory);
  for (const { shown, path } of rawNamesIn(directory, files)) {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found !== undefined) yield { path: join(directory, shown), what: whatIs(found) };
  }
  for (const file of files) {
    const path = join(directory, file);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    const place = placeIn(levels, digits, file);
    if (place === "value") yield found.isFile() ? undefined : { path, what: whatIs(found), name: `${kind}/${file}` };
    else if (place === "directory" && found.isDirectory()) {
      yield* below(path, kind, (levels - 1) as Levels | 0, digits + file);
    } else yield { path, what: whatIs(found) };
  }
}

/** Of a look at a name. Not Node's own type: declarations that users get need none of Node's. */
interface Looked {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
}

/** What a name is, without looking into it. */
export function whatIs(found: Looked): Planted["what"] {
  if (found.isFile()) return "file";
  if (found.isDirectory()) return "directory";
  if (found.isSymbolicLink()) return "link";
  if (found.isFIFO()) return "fifo";
  return found.isSocket() ? "socket" : "device";
}
