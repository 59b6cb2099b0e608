import { lstatSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { filesIn } from "./files-in.ts";

/** How much a removal freed. */
export interface Removed {
  /** Files. */
  readonly count: number;
  /** Their lengths together. */
  readonly bytes: number;
}

/** A file that no reader looks at. */
export interface Leaving {
  readonly file: string;
  readonly path: string;
  /** Length in bytes. */
  readonly size: number;
  /** When it was last written or moved, in milliseconds since 1970 UTC. */
  readonly since: number;
}

/** Rows that are looked up before other work gets a turn. */
const BATCH = 256;

/** What is in a directory of such files; nothing when the directory is not there. */
export async function* leavingsIn(directory: string, signal?: AbortSignal): AsyncGenerator<Leaving, void, undefined> {
  let rows = 0;
  for (const file of filesIn(directory)) {
    if (++rows % BATCH === 0) await nextTurn();
    signal?.throwIfAborted();
    const path = join(directory, file);
    const found = lstatSync(path, { throwIfNoEntry: false });
    // The time of the last change, not of the last write: moving a file leaves the latter as it was.
    if (found !== undefined) yield { file, path, size: found.size, since: Math.floor(found.ctimeMs) };
  }
}

/** Removes those that were there before a time. They need not be files: anything can be planted and then set aside. */
export async function removeLeavings(leavings: AsyncIterable<Leaving>, before: number): Promise<Removed> {
  let [count, bytes] = [0, 0];
  for await (const { path, size, since } of leavings) {
    if (since >= before) continue;
    await rm(path, { recursive: true, force: true });
    count++;
    bytes += size;
  }
  return { count, bytes };
}
