import { lstatSync, type Stats } from "node:fs";
import { dirname, join } from "node:path";
import { CacheError } from "@cache/core";
import { note } from "../output.ts";

const NAMES = ["cache.config.ts", "cache.config.js", "cache.config.mjs", "cache.config.json"];

const look = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });

function configIn(directory: string): string | undefined {
  const found = NAMES.map((name) => join(directory, name)).filter((path) => look(path) !== undefined);
  if (found.length > 1) throw new CacheError("ERR_CACHE_CONFIG", "there are several configurations in one directory");
  return found[0];
}

function refuseUnlessOwn(path: string, me: number): void {
  for (const each of [path, dirname(path)]) {
    const found = look(each);
    if (found === undefined || found.isSymbolicLink() || found.uid !== me || (found.mode & 0o022) !== 0) {
      const why = "it, or its directory, is not yours alone to write";
      throw new CacheError(
        "ERR_CACHE_UNSAFE_PATH",
        `the configuration ${path} was not used: ${why}; name it with --config, or give --no-config`,
      );
    }
  }
}

/**
 * The configuration nearest to a directory, looked for upwards while directories are the user's own. Beyond them anybody
 * could have placed one; there it is only mentioned.
 * @throws CacheError `ERR_CACHE_UNSAFE_PATH` for one in a directory of the user that others can write to
 */
export function findConfig(start: string): string | undefined {
  const me = process.geteuid?.();
  for (let directory = start; ; directory = dirname(directory)) {
    const path = configIn(directory);
    const own = me === undefined || look(directory)?.uid === me;
    if (path !== undefined && own) {
      if (me !== undefined) refuseUnlessOwn(path, me);
      return path;
    }
    if (path !== undefined)
      note(`the configuration ${path} was ignored: the directory is another user's; name it with --config to use it`);
    if (!own || dirname(directory) === directory) return undefined;
  }
}
