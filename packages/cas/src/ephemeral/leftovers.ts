import { lstatSync, readdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isSilent } from "./liveness.ts";
import { isOfThisMachine, readMarker } from "./marker.ts";

/** Every ephemeral directory's name begins with it. */
export const PREFIX = "cache-ephemeral-";

/** Longer than it takes to make, or to remove, a directory: until then one without a marker may be just that. */
const UNMARKED_GRACE = 3_600_000;

/** Removes the ephemeral directories of processes of this user that ended without doing so themselves. */
export async function collectLeftovers(parent: string): Promise<void> {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const directory = join(parent, name);
    try {
      if (await isLeftover(directory)) await removeEphemeral(directory);
    } catch {
      // What cannot be looked at or removed is no reason to go without a store.
    }
  }
}

async function isLeftover(directory: string): Promise<boolean> {
  const found = lstatSync(directory, { throwIfNoEntry: false });
  if (!found?.isDirectory() || found.uid !== (process.geteuid?.() ?? found.uid)) return false;
  const marker = readMarker(directory);
  if (marker === undefined) return found.mtimeMs < Date.now() - UNMARKED_GRACE;
  // A process of another machine cannot be asked, nor one that has no socket.
  return marker !== "unreadable" && marker.announced && isOfThisMachine(marker) && (await isSilent(directory));
}

/** Removes an ephemeral directory. The marker goes first: without one, what an interruption leaves is found by its age. */
export async function removeEphemeral(directory: string): Promise<void> {
  await rm(join(directory, "owner"), { force: true });
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** As {@link removeEphemeral}, at the end of the process. */
export function removeEphemeralNow(directory: string): void {
  try {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // The next process finds it.
  }
}
