import { chmodSync, lstatSync, mkdirSync, readlinkSync, realpathSync, type Stats } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { errno, unsafePath } from "./failures.ts";

/** More symbolic links in a row than anybody makes on purpose. */
const MOST_LINKS = 8;

/** Undefined on Windows, where neither owners nor modes say who may write; nothing is checked there. */
const user = (): number | undefined => process.geteuid?.();

/**
 * The directory that a path means, for a path that may lead through symbolic links. Those of its parents are followed as
 * the system does. A link at its end is followed only when it is ours: in a directory for all, such as /tmp, anybody
 * can plant one that leads to another directory of ours.
 * @throws CacheError ERR_CACHE_UNSAFE_PATH for a link of another user
 */
export function settle(path: string, links = 0): string {
  const me = user();
  if (me === undefined) return path;
  const place = join(realParent(path), basename(path));
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (!found?.isSymbolicLink()) return place;
  if (found.uid !== me || links === MOST_LINKS) {
    const why = "it is a symbolic link that another user made, or that leads in a circle";
    throw unsafePath(path, why, "name the directory itself");
  }
  return settle(resolve(dirname(place), readlinkSync(place)), links + 1);
}

function realParent(path: string): string {
  try {
    return realpathSync.native(dirname(path));
  } catch (error) {
    if (errno(error) !== "ENOENT") throw error;
    return dirname(path);
  }
}

/**
 * Whether a directory is there, and if so, that nobody but us can have put anything into it.
 * @throws CacheError ERR_CACHE_UNSAFE_PATH
 */
export function checkPrivate(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (found.isSymbolicLink()) throw unsafePath(path, "it is a symbolic link", "name the directory itself");
  if (!found.isDirectory()) throw unsafePath(path, "it is not a directory", "remove it, or choose another path");
  const me = user();
  if (me !== undefined) checkOwner(path, found, me);
  return true;
}

/**
 * Whether there is a directory that nobody but us can have put anything into. A link or a file in its place is none.
 * @throws CacheError ERR_CACHE_UNSAFE_PATH for a directory that is another user's, or that others can write to
 */
export function isPrivateDirectory(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return false;
  const me = user();
  if (me !== undefined) checkOwner(path, found, me);
  return true;
}

/** Whether somebody else may have changed what has these rights, or may yet. Never where rights say nothing of that. */
export function isOpenToOthers({ uid, mode }: Pick<Stats, "uid" | "mode">): boolean {
  const me = user();
  return me !== undefined && (uid !== me || (mode & 0o022) !== 0);
}

function checkOwner(path: string, { uid, mode }: Stats, me: number): void {
  if (uid !== me) {
    const why = `it belongs to user ${uid} and this process runs as user ${me}`;
    throw unsafePath(path, why, "choose a directory of your own, or give it to this user with chown");
  }
  if ((mode & 0o022) !== 0) {
    const why = `other users can write to it (mode ${(mode & 0o7777).toString(8)})`;
    throw unsafePath(path, why, "choose another, or look through what is in it and then run chmod go-w");
  }
}

/** Makes a directory for us alone, unless something is there. */
export function makePrivate(path: string): void {
  try {
    mkdirSync(path, 0o700);
  } catch (error) {
    if (errno(error) === "EEXIST") return;
    throw error;
  }
  // A umask can take rights away from the owner too; a directory without them is of no use.
  chmodSync(path, 0o700);
}
