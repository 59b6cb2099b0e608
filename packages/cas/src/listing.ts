import { lstatSync } from "node:fs";
import { join, sep } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type CallOptions, type Kind, type Listed, storeError } from "@cache/core/adapter";
import { filesIn } from "./files-in.ts";
import type { Levels } from "./options.ts";
import { KINDS } from "./paths.ts";
import { isPrivateDirectory } from "./privacy.ts";
import type { Found, StoreRoot } from "./root.ts";

/** The name of a directory between a kind and its values. */
const FAN_OUT: RegExp = /^[0-9a-f]{2}$/;
/** The name of a value. */
const COMPLETE: RegExp = /^[0-9a-f]{64}$/;

/**
 * What the name of a file below a kind stands for, if it is one of the layout.
 * @param levels - how many more levels of directories there are
 * @param digits - those that the directories on the way stand for
 */
export function placeIn(levels: Levels | 0, digits: string, file: string): "value" | "directory" | undefined {
  if (levels === 0) return COMPLETE.test(file) && file.startsWith(digits) ? "value" : undefined;
  return FAN_OUT.test(file) ? "directory" : undefined;
}

/** Rows that are looked up before other work gets a turn. */
export const BATCH = 256;

/** A place where a value may lie: only the name was looked at. */
export interface Spot {
  readonly path: string;
  readonly hex: string;
}

/** Every value of a kind. Holds the names of one directory at a time. */
export async function* listValues(
  root: StoreRoot,
  kind: Kind,
  { signal }: CallOptions = {},
): AsyncGenerator<Listed, void, undefined> {
  signal?.throwIfAborted();
  if (!KINDS.includes(kind)) throw new TypeError(`a kind is one of ${KINDS.join(", ")}`);
  try {
    const found = root.lookNow();
    if (found === undefined) return;
    let rows = 0;
    for (const { path, hex } of spotsOf(found, kind)) {
      if (++rows % BATCH === 0) await nextTurn();
      const row = rowOf(path, kind, hex);
      if (row === undefined) continue;
      signal?.throwIfAborted();
      yield row;
    }
    signal?.throwIfAborted();
  } catch (error) {
    throw storeError("listing values", error, signal);
  }
}

/** The first digits that there are directories for, of a kind. */
export function firstDigitsOf({ paths }: Found, kind: Kind): string[] {
  return namesIn(join(paths.version, kind), FAN_OUT);
}

/** Every place of a kind that has the name of a value and lies where that value belongs; or those with some first digits. */
export function* spotsOf({ paths, levels }: Found, kind: Kind, first = ""): Generator<Spot, void, undefined> {
  const top = join(paths.version, kind, first);
  if (first !== "" && !isPrivateDirectory(top)) return;
  for (const { directory, digits } of fanOuts(top, (first === "" ? levels : levels - 1) as Levels | 0, first)) {
    for (const hex of namesIn(directory, COMPLETE)) {
      if (hex.startsWith(digits)) yield { path: directory + sep + hex, hex };
    }
  }
}

function* fanOuts(
  directory: string,
  levels: Levels | 0,
  digits: string,
): Generator<{ directory: string; digits: string }> {
  if (levels === 0) {
    yield { directory, digits };
    return;
  }
  for (const name of namesIn(directory, FAN_OUT)) {
    const inner = join(directory, name);
    if (isPrivateDirectory(inner)) yield* fanOuts(inner, (levels - 1) as Levels | 0, digits + name);
  }
}

/** Those of a shape in a directory. A name can come twice when it is replaced while the system reads the directory, hence the set. */
function namesIn(directory: string, shape: RegExp): string[] {
  return [...new Set(filesIn(directory).filter((name) => shape.test(name)))];
}

function rowOf(path: string, kind: Kind, hex: string): Listed | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) return undefined;
  return { name: `${kind}/${hex}`, size: found.size, modified: Math.floor(found.mtimeMs) };
}
