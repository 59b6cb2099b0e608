import { type Exclude, type FileCache, fileCache } from "@cache/files";
import { keyArgument } from "../arguments.ts";
import type { Given, Invocation } from "../command.ts";
import { openSession } from "../session.ts";
import { UsageError } from "../usage-error.ts";

/** What an action on files works with. */
export interface Desk {
  readonly given: Given;
  readonly files: FileCache;
}

/** The files in the cache that the command line describes. */
export async function openDesk(invocation: Invocation): Promise<Desk> {
  const { cache } = await openSession(invocation);
  return { given: invocation.given, files: fileCache(cache) };
}

/** What is left out of a directory: what has one of the paths, or the name wherever it lies. */
export function excludeOf(given: Given): Exclude | undefined {
  const excluded = new Set(given.all("exclude").map((each) => each.replace(/^\.\//, "").replace(/\/+$/, "")));
  if (excluded.size === 0) return undefined;
  return (path) => excluded.has(path) || excluded.has(path.slice(path.lastIndexOf("/") + 1));
}

/** The key and the path that an action begins with. @throws UsageError */
export function keyAndPath(rest: readonly string[], most: number = Number.POSITIVE_INFINITY): [string, string] {
  const [key, path] = rest;
  if (path === undefined || path === "") throw new UsageError("a key and a path are needed");
  if (rest.length > most) throw new UsageError("there are too many arguments");
  return [keyArgument(key), path];
}
