import type { Stat } from "@cache/core/adapter";
import { errno } from "./failures.ts";
import type { Place } from "./paths.ts";
import { isExhaustion, retry } from "./patience.ts";
import type { Found, StoreRoot } from "./root.ts";
import { openFile, statValue } from "./value-file.ts";

/**
 * Opens a value for reading. `undefined` when there is none: nothing, or something that no put left there, such as a
 * symbolic link, which is never followed and which the next put replaces. A promise only when it has to wait, since small values are
 * read in less time than promises take to notice.
 */
export function openValue(
  root: StoreRoot,
  place: Place,
  signal?: AbortSignal,
): number | undefined | Promise<number | undefined> {
  try {
    return whereReadable(root, place, openFile);
  } catch (error) {
    if (!isExhaustion(error)) throw error;
    return retry(() => whereReadable(root, place, openFile), isExhaustion, signal);
  }
}

/** What is known of a value without opening it, wherever in a store it is. */
export function statPlace(root: StoreRoot, place: Place): Stat | undefined {
  return whereReadable(root, place, statValue);
}

/** What `read` finds where a value can be read. It throws `ENOTDIR` when a directory on the way is none any more. */
function whereReadable<T>(root: StoreRoot, place: Place, read: (path: string) => T | undefined): T | undefined {
  try {
    return within(root.look(), place, read);
  } catch (error) {
    if (errno(error) !== "ENOTDIR") throw error;
    return within(root.lookNow(), place, read);
  }
}

function within<T>(found: Found | undefined, place: Place, read: (path: string) => T | undefined): T | undefined {
  const path = found?.fanOuts.find(place);
  return path === undefined ? undefined : read(path);
}
