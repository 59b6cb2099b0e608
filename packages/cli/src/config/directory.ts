import { defaultCacheDirectory } from "@cache/cas";
import type { Invocation } from "../command.ts";
import { pathArgument } from "../path-argument.ts";
import { UsageError } from "../usage-error.ts";
import type { LoadedConfig } from "./load.ts";

/** Where the cache lies, if it is in a directory that outlives the command. */
export function lastingDirectory({ given }: Invocation, { dir, place }: LoadedConfig): string | undefined {
  const named = given.text("dir");
  if (named === "") throw new UsageError("the directory of the cache is set to nothing", "check --dir");
  const path = named ?? (place === "directory" ? dir : undefined);
  if (path !== undefined) return pathArgument(localPath(path), "the directory of the cache");
  return place === "nowhere" ? defaultCacheDirectory("cache") : undefined;
}

/** The same, for what cannot do without. @throws UsageError */
export function directoryOf(invocation: Invocation, config: LoadedConfig): string {
  const directory = lastingDirectory(invocation, config);
  if (directory !== undefined) return directory;
  throw new UsageError("this cache ends with the command that uses it", "name a directory with --dir");
}

/** An address would make a directory of that name. */
function localPath(path: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return path;
  throw new UsageError(
    `the directory of the cache is an address: ${path.slice(0, path.indexOf(":"))}://…`,
    "the command works on directories; @cache/core/maintenance does the same in a program, on any store",
  );
}
