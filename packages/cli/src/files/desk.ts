import { realpath } from "node:fs/promises";
import { relative, sep } from "node:path";
import { digestOf } from "@cache/core/digest";
import { contentAt, type Exclude, type FileCache, fileCache } from "@cache/files";
import { keyArgument } from "../arguments.ts";
import type { Given, Invocation } from "../command.ts";
import { excludeOf } from "../exclude.ts";
import { note } from "../output.ts";
import { openSession } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { refuseInput } from "./answer.ts";

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
  return [keyArgument(key), path];
}

/** The digest of what lies at some paths: of one, its own, of several, of all in their order. */
export async function contentDigest(
  paths: readonly string[],
  exclude: Exclude | undefined,
): Promise<{ readonly digest: string; readonly size: number }> {
  const contents = [];
  for (const path of paths) contents.push(await contentAt(path, { exclude }).catch(refuseInput));
  const [only] = contents;
  const digest = contents.length === 1 && only !== undefined ? only.digest : digestOf(contents);
  return { digest, size: contents.reduce((sum, each) => sum + each.size, 0) };
}

/** The key, with the digest of what `--of` names behind it. */
export async function wholeKey(key: string, given: Given): Promise<string> {
  const of = given.all("of");
  if (of.length === 0) return key;
  return keyArgument(`${key}-${(await contentDigest(of, excludeOf(given))).digest}`);
}

/**
 * A cache within what it keeps would keep itself, twice as much each time, and go with what is replaced.
 * @throws UsageError when the cache is in the path
 */
export async function requireApart(path: string, store: string): Promise<void> {
  const [outer, inner] = await Promise.all([path, store].map((each) => realpath(each).catch(() => undefined)));
  // What is not there holds nothing, and is in nothing.
  if (outer === undefined || inner === undefined) return;
  const way = relative(outer, inner);
  if (way === ".." || way.startsWith(`..${sep}`)) return;
  throw new UsageError(
    "the cache lies in this path",
    "name a directory beside it, or put the cache elsewhere with --dir",
  );
}

/** Says that nothing is stored, and why. */
export const noteOff = (why: string): void => note(`${why}: nothing was stored`);
