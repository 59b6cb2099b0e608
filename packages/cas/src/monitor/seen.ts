import type { Stats } from "node:fs";
import { type Planted, whatIs } from "../planted.ts";

/** What is remembered of a name: enough to tell whether anything about it changed. */
export interface Seen {
  readonly what: Planted["what"];
  readonly ino: number;
  readonly size: number;
  /** Milliseconds with fractions, as the system tells them. */
  readonly mtime: number;
  readonly ctime: number;
  readonly mode: number;
  readonly uid: number;
}

export function seenOf(found: Stats): Seen {
  const { ino, size, mtimeMs, ctimeMs, mode, uid } = found;
  return { what: whatIs(found), ino, size, mtime: mtimeMs, ctime: ctimeMs, mode: mode & 0o7777, uid };
}

/**
 * What became of a file. `touched`: only its time of change differs. That is what a note of use does, a change of rights,
 * and also who rewrites a file and sets its times back; its content has to tell.
 */
export type Change = "none" | "touched" | "rewritten";

export function changeOf(before: Seen, now: Seen): Change {
  if (before.ino !== now.ino || before.size !== now.size || before.mtime !== now.mtime) return "rewritten";
  return before.ctime === now.ctime ? "none" : "touched";
}

export function hasOtherRights(before: Seen, now: Seen): boolean {
  return before.mode !== now.mode || before.uid !== now.uid;
}
