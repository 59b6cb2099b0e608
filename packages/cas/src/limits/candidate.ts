import { lstatSync } from "node:fs";
import type { Name } from "@cache/core/adapter";
import type { Leaving } from "../leavings.ts";
import type { Spot } from "../listing.ts";
import { type Amount, costOf } from "./limits.ts";

/**
 * Milliseconds since its last write or use in which a value goes only when the limit itself asks for it: as long as a
 * writer relies on content that it found instead of putting it again.
 */
export const GRACE = 900_000;

/** How much faster what was never used since it was written grows old: a scan that writes goes before what is in use. */
const UNUSED = 4;

/** A use within this many milliseconds of the write is not told from the write. */
const INSTANT = 1000;

/** Something that may go. */
export interface Candidate {
  readonly path: string;
  /** Absent for what was set aside. */
  readonly name: Name | undefined;
  /** What its going gives back, apart from its note. */
  readonly cost: Amount;
  readonly hasNote: boolean;
  /** Of the last write or use, in milliseconds since 1970 UTC. */
  readonly last: number;
  readonly modified: number;
  /** The higher, the earlier it goes. */
  readonly rank: number;
}

/** What lies in the place of a value, or of a note about none; `undefined` when that is no file. */
export function candidateAt({ path }: Spot, name: Name, hasNote: boolean, now: number): Candidate | undefined {
  const file = lstatSync(path, { throwIfNoEntry: false });
  if (!file?.isFile()) return undefined;
  const { size, ctimeMs: last, mtimeMs: modified } = file;
  const cost = { bytes: costOf(size), entries: name.startsWith("notes/") ? 0 : 1 };
  return { path, name, cost, hasNote, last, modified, rank: rankOf(now - last, last - modified > INSTANT) };
}

/** What was set aside. */
export function candidateAside({ path, size, since }: Leaving, now: number): Candidate {
  const cost = { bytes: costOf(size), entries: 0 };
  const times = { last: since, modified: since, rank: rankOf(now - since, false) };
  return { path, name: undefined, cost, hasNote: false, ...times };
}

/** The young are all below the old, and among themselves in order of age whether used or not. */
function rankOf(age: number, used: boolean): number {
  return age < GRACE || used ? age : age * UNUSED;
}
