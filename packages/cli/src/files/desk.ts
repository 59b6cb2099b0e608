import { type FileCache, fileCache } from "@cache/files";
import { keyArgument } from "../arguments.ts";
import type { Given, Invocation } from "../command.ts";
import { note } from "../output.ts";
import { pathArgument } from "../path-argument.ts";
import { openSession } from "../session.ts";
import { shownKeyArgument } from "../shown-key.ts";
import { UsageError } from "../usage-error.ts";
import { storePlaces } from "./apart.ts";
import { contentDigest, withoutPlaces } from "./content.ts";
import type { Excludes } from "./excludes.ts";

/** What an action on files works with. */
export interface Desk {
  readonly given: Given;
  readonly files: FileCache;
  /** Where the cache is. */
  readonly store: string;
}

/** The files in the cache that the command line describes. */
export async function openDesk(invocation: Invocation): Promise<Desk> {
  const { cache, store } = await openSession(invocation);
  return { given: invocation.given, files: fileCache(cache), store: store.directory };
}

/** The key and the path that an action begins with. @throws UsageError */
export function keyAndPath(rest: readonly string[], most: number = Number.POSITIVE_INFINITY): [string, string] {
  const [key, path] = rest;
  if (path === undefined || path === "") throw new UsageError("a key and a path are needed");
  if (rest.length > most) throw new UsageError("there are too many arguments");
  return [shownKeyArgument(key), pathArgument(path, "the path")];
}

/** The key, with the digest of what `--of` names behind it, but for the path that is kept and the cache, which may lie in it. */
export async function wholeKey(key: string, path: string, { given, store }: Desk, excludes: Excludes): Promise<string> {
  const of = given.all("of");
  if (of.length === 0) return key;
  const excludeIn = await withoutPlaces([path, ...storePlaces(store)], excludes.has);
  return keyArgument(`${key}-${(await contentDigest(of, excludeIn)).digest}`);
}

/** Says that nothing is stored, and why. */
export const noteOff = (why: string): void => note(`${why}: nothing was stored`);
