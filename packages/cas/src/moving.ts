import { linkSync, renameSync, unlinkSync } from "node:fs";
import { errno } from "./failures.ts";
import { isValue } from "./value-file.ts";

/** What file systems without hard links answer: FAT and exFAT, some network and sandboxed ones. */
const LINKLESS: ReadonlySet<string | undefined> = new Set([
  "EPERM",
  "EACCES",
  "ENOSYS",
  "ENOTSUP",
  "EOPNOTSUPP",
  "EXDEV",
  // Windows' "incorrect function", as libuv translates it.
  "EISDIR",
]);

/** Removes a file that nobody misses if it is gone, and nobody sees if it stays: the sweep of temporaries finds it. */
export function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // See above.
  }
}

/**
 * Moves a file to a name unless a value has it. Either way the file is gone from where it was.
 *
 * `link` decides and publishes in one step, among all processes. Where there are no hard links, looking and renaming
 * are two steps: one after the other within a process, but of two processes in the same instant both may be told that
 * they came first, and the later one's file stays.
 * @returns whether it was moved
 */
export function moveIfFree(from: string, to: string): boolean {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = errno(error);
    if (code !== "EEXIST" && !LINKLESS.has(code)) throw error;
    if (!isValue(to)) {
      renameSync(from, to);
      return true;
    }
    unlinkQuietly(from);
    return false;
  }
  unlinkQuietly(from);
  return true;
}
