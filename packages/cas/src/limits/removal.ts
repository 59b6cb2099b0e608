import { lstatSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseName } from "@cache/core/adapter";
import { isAbsence } from "../failures.ts";
import { moveIfFree, unlinkQuietly } from "../moving.ts";
import { randomName } from "../paths.ts";
import { removeValue } from "../remove.ts";
import type { StoreRoot } from "../root.ts";
import { isValue, statValue } from "../value-file.ts";
import { tellRemoved } from "../witness.ts";
import type { Candidate } from "./candidate.ts";
import { type Amount, costOf, NOTHING, sum } from "./limits.ts";

/**
 * Removes a candidate and its note, unless it is gone, was used or was put again since it was looked at. A put that comes
 * between the look and the removal is not undone: the removal is of a version.
 * @returns what that gives back; `undefined` when nothing was removed
 */
export async function removeCandidate(
  root: StoreRoot,
  candidate: Candidate,
  isOversize = false,
): Promise<Amount | undefined> {
  const { path, name, cost, hasNote, last, modified } = candidate;
  // The version before the times: when they are as they were, so was whatever had the version.
  const version = name === undefined ? undefined : statValue(path)?.version;
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (name === undefined) {
    if (found === undefined || Math.floor(found.ctimeMs) !== last) return undefined;
    await rm(path, { recursive: true, force: true });
    return cost;
  }
  if (version === undefined || found?.ctimeMs !== last || found.mtimeMs !== modified) return undefined;
  const { kind, hex } = parseName(name);
  // A note that alone takes more than all may take tells nothing about its value.
  if (kind === "notes" && !isOversize) return removeNote(root, hex);
  if (!(await removeValue(root, name, { ifVersion: version }))) return undefined;
  return hasNote ? sum(cost, removeNote(root, hex) ?? NOTHING) : cost;
}

/**
 * Removes a note about nothing. Whoever puts a value looks for its note after that; so the note is moved out of sight
 * first, and comes back if there is a value by now.
 */
function removeNote(root: StoreRoot, hex: string): Amount | undefined {
  const found = root.look();
  const path = found?.fanOuts.findNow({ kind: "notes", hex });
  const size = path === undefined ? undefined : statValue(path)?.size;
  if (found === undefined || path === undefined || size === undefined) return undefined;
  const aside = join(found.paths.temporary, randomName());
  try {
    renameSync(path, aside);
    tellRemoved(path);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
  const about = (["entries", "blobs"] as const).map((kind) => found.fanOuts.findNow({ kind, hex }));
  if (about.some((each) => each !== undefined && isValue(each))) {
    moveIfFree(aside, path);
    return undefined;
  }
  unlinkQuietly(aside);
  return { bytes: costOf(size), entries: 0 };
}
