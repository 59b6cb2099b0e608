import { lstatSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { CacheError } from "@cache/core";
import { type FileRead, readWhole } from "./file.ts";

/** Rights of others to write. */
const WRITABLE = 0o022;

const unsafe = (path: string, why: string): CacheError =>
  new CacheError("ERR_CACHE_UNSAFE_PATH", `${path} was not used: ${why}`);

/** @throws CacheError `ERR_CACHE_UNSAFE_PATH` */
function refuseOthers(path: string, { uid, mode }: Pick<Stats, "uid" | "mode">, me: number): void {
  if (uid !== me && uid !== 0) throw unsafe(path, "it belongs to another user");
  if ((mode & WRITABLE) !== 0) throw unsafe(path, "others can write to it");
}

/**
 * A file of the user's own, in a directory of their own: theirs or root's, and nobody else can write to either. Links are
 * followed, since settings are kept that way; what they lead to is looked at. On Windows nothing is checked.
 * @param most - bytes it may have
 * @returns `undefined` when nothing is there
 * @throws CacheError `ERR_CACHE_CONFIG`, `ERR_CACHE_UNSAFE_PATH`
 */
export function readOwnFile(path: string, most: number): Uint8Array | undefined {
  const read = readWhole(path, { most, follow: true });
  const me = process.geteuid?.();
  if (read === undefined || me === undefined) return read?.bytes;
  refuseOthers(path, read, me);
  refuseOthers(dirname(path), statSync(dirname(path)), me);
  return read.bytes;
}

/**
 * A file that was found in a directory of the user's: theirs, no link, and nobody else can write to it or put another one there.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH`
 */
export function refuseUnlessOwn(path: string, { uid, mode }: FileRead): void {
  const me = process.geteuid?.();
  if (me === undefined) return;
  const directory = lstatSync(dirname(path));
  if ([{ uid, mode }, directory].some((each) => each.uid !== me || (each.mode & WRITABLE) !== 0))
    throw unsafe(
      `the configuration ${path}`,
      "it, or its directory, is not yours alone to write; name it with --config, or give --no-config",
    );
}
