import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { isCacheError } from "@cache/core";
import type { Invocation } from "../command.ts";
import { lastingDirectory } from "../config/directory.ts";
import { configOf, type LoadedConfig } from "../config/load.ts";
import { secretFilesOf } from "../keyring-source.ts";
import { UsageError } from "../usage-error.ts";
import { holds, placesOf } from "./real-place.ts";

/** Where a cache keeps all that it keeps, below its directory. */
const LAYOUT = "v1";

/** The directory of the cache, and what of it is the cache's, be they there yet or not. */
export const storePlaces = (directory: string): readonly string[] => [directory, join(directory, LAYOUT)];

/**
 * A cache within what it keeps would keep itself, twice as much each time, and go with what is replaced.
 * @throws UsageError when the cache is in the path, or will be, once it is made
 */
export async function requireApart(path: string, directory: string): Promise<void> {
  const outer = await placesOf(path);
  for (const each of storePlaces(directory))
    if (holds(outer, await placesOf(each)))
      throw new UsageError(
        "the cache lies in this path",
        "name a directory beside it, or put the cache elsewhere with --dir",
      );
}

/**
 * Something is made at a path, or replaced there: what lies in it goes.
 * @throws UsageError when something of what the command works with lies there, or the path is none
 */
export async function requireNothingLost(invocation: Invocation, path: string): Promise<void> {
  await lstat(path).catch((error: unknown) => {
    // A directory around it that is missing is made, and a file in its place is told of here.
    if ((error as { code?: unknown }).code !== "ENOENT") throw unusable(error);
  });
  const outer = await placesOf(path);
  for (const [what, paths] of await neededBy(invocation))
    for (const each of paths)
      if (holds(outer, await placesOf(each)))
        throw new UsageError(`${what} in what would be replaced`, "name what the command makes, and nothing around it");
}

const unusable = (error: unknown): UsageError =>
  new UsageError(`nothing can be at this path: ${String((error as { code?: unknown }).code)}`, "name another one");

/** What is lost when it is replaced, by what to say of it. */
async function neededBy(invocation: Invocation): Promise<readonly (readonly [string, readonly string[]])[]> {
  const { given } = invocation;
  const config = await configOf(invocation);
  const store = storeOf(invocation, config);
  const { auditFile } = config;
  const isKept = given.flag("keep");
  return [
    ["the working directory is", [process.cwd()]],
    ["a file of keys, or of a passphrase, lies", secretFilesOf(invocation, config)],
    ["the cache lies", store === undefined ? [] : storePlaces(store)],
    ["the audit log lies", auditFile === undefined ? [] : [auditFile]],
    // What is there is for the command to find then.
    ["what --of names lies", isKept ? [] : given.all("of")],
    ["the configuration lies", isKept ? [] : config.files],
  ];
}

function storeOf(invocation: Invocation, config: LoadedConfig): string | undefined {
  try {
    return lastingDirectory(invocation, config);
  } catch (error) {
    // Without a home directory there is no cache in it. Whoever opens one says so.
    if (isCacheError(error, "ERR_CACHE_CONFIG")) return undefined;
    throw error;
  }
}
