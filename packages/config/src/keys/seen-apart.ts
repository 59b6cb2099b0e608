import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { unusable } from "../unusable.ts";

/** As many links, one after another, as systems follow. */
const MOST_LINKS = 40;

/** The path that a directory has, or will have once it is made: through no links, one that leads to nothing yet among them. */
function realPlace(path: string, links = MOST_LINKS): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ENOENT" || dirname(path) === path) throw error;
  }
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    return join(realPlace(dirname(path), links), basename(path));
  if (links === 0) throw Object.assign(new Error("too many links"), { code: "ELOOP" });
  return realPlace(resolve(realPlace(dirname(path), links), readlinkSync(path)), links - 1);
}

/**
 * Refuses a memory of lists in the directory of the cache: whoever writes to the cache could take back there what was seen.
 * @throws CacheError `ERR_CACHE_CONFIG`, also when it cannot be told where they lie
 */
export function requireSeenApart(seen: string, directory: string): void {
  let below: string;
  try {
    below = relative(realPlace(resolve(directory)), realPlace(resolve(seen)));
  } catch (error) {
    throw unusable('it cannot be told whether "seen" lies in the directory of the cache', error);
  }
  const [first = ""] = below.split(sep);
  if (first !== ".." && !isAbsolute(below))
    throw unusable('"seen" lies in the directory of the cache, where the writers of the cache can write');
}
