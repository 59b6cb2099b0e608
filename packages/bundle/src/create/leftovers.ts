import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { removeQuietly } from "../extract/private-directory.ts";

/** Milliseconds in which nothing was written, after which nobody does any more. */
const ABANDONED = 86_400_000;
/** What a fresh path has behind its beginning. */
const REST = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

/** Removes what a process that was killed left of a package. What cannot be looked at or removed stays for the next time. */
export async function removeLeftovers(directory: string, beginning: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(beginning) || !REST.test(name.slice(beginning.length))) continue;
    const path = join(directory, name);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isFile() && found.mtimeMs < Date.now() - ABANDONED) await removeQuietly(path);
  }
}
