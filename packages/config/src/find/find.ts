import { lstatSync, realpathSync, type Stats } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CacheError } from "@cache/core";
import { unusable } from "../unusable.ts";

const NAMES = ["cache.config.json", "cache.config.ts", "cache.config.js", "cache.config.mjs"];

/** Where is looked, and who hears what was left out. */
export interface Search {
  /** Directory to begin in, absolute and without links. */
  readonly start: string;
  /** The last directory to look in, if it lies above. */
  readonly home: string | undefined;
  readonly onRemark?: ((text: string) => void) | undefined;
}

/** A configuration that lies somewhere above, or beside. */
export interface Found {
  readonly path: string;
  /** Whether its directory is the user's. */
  readonly own: boolean;
}

function look(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as { code?: unknown };
    // A file lies where a directory of the path would be, such as /dev/null for the home of who shall have none.
    if (code === "ENOTDIR") return undefined;
    // Whether there is one cannot be told, so nothing may go on as if there were none.
    throw unusable(
      `${path} cannot be looked for (${String(code)}); HOME and XDG_CONFIG_HOME say where it would be`,
      error,
    );
  }
}

/** Whether anything lies there. @throws CacheError `ERR_CACHE_CONFIG` when that cannot be told */
export function isThere(path: string): boolean {
  return look(path) !== undefined;
}

function configIn(directory: string): string | undefined {
  const found = NAMES.map((name) => join(directory, name)).filter(isThere);
  if (found.length > 1)
    throw new CacheError("ERR_CACHE_CONFIG", `there are several configurations in one directory, ${directory}`);
  return found[0];
}

/** The home directory as the walk comes to it: through no links, and without a slash at its end. */
function reached(home: string): string {
  try {
    return realpathSync.native(home);
  } catch {
    // It is not there, or where it leads cannot be told: known by its name then.
    return resolve(home);
  }
}

/**
 * Configurations from a directory upwards, the nearest first, in directories of the user and of whoever owns the first one. The
 * walk ends at the home directory. Beyond them anybody could have placed one; there it is only mentioned.
 * @throws CacheError `ERR_CACHE_CONFIG`
 */
export function* findConfigs({ start, home, onRemark }: Search): Generator<Found, void> {
  const me = process.geteuid?.();
  const owners = [me, look(start)?.uid];
  const last = home === undefined ? undefined : reached(home);
  for (let directory = start; ; directory = dirname(directory)) {
    const path = configIn(directory);
    const uid = look(directory)?.uid;
    if (me !== undefined && !owners.includes(uid)) {
      if (path !== undefined)
        onRemark?.(
          `the configuration ${path} was ignored: the directory is another user's; name it with --config to use it`,
        );
      return;
    }
    if (path !== undefined) yield { path, own: uid === me };
    if (directory === last || dirname(directory) === directory) return;
  }
}
