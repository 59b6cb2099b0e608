import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CacheError, checkOptions, storeError } from "@cache/core/adapter";
import type { Launch } from "../about/about.ts";
import type { Extracted, ExtractionCache } from "../cache/extraction-cache.ts";
import { removeQuietly } from "../extract/private-directory.ts";
import { TRUST_OPTIONS } from "../file/trust.ts";
import type { ExtractOptions } from "../options.ts";
import { start } from "./child.ts";
import { filteredEnvironment, type Variables } from "./environment.ts";

/** How the command of a package is run. */
export interface RunOptions extends ExtractOptions {
  /** Where packages are extracted to. */
  readonly cache: ExtractionCache;
  /** After those that the package gives. @defaultValue none */
  readonly arguments?: readonly string[] | undefined;
  /** What the package's rules choose from. @defaultValue those of this process */
  readonly environment?: Variables | undefined;
  /** The caller's directory. @defaultValue that of this process */
  readonly workDirectory?: string | undefined;
  /** @defaultValue "inherit" */
  readonly stdio?: "inherit" | "ignore" | undefined;
}

/** Where the command finds the files of its package. */
const DIRECTORY = "BUNDLE_DIRECTORY";

async function inWorkDirectory<T>(
  { workDirectory = "caller" }: Launch,
  { package: inPackage, caller }: { readonly package: string; readonly caller: string },
  work: (directory: string) => Promise<T>,
): Promise<T> {
  if (workDirectory === "caller") return await work(caller);
  if (workDirectory === "package") return await work(inPackage);
  const directory = await mkdtemp(join(tmpdir(), "cache-bundle-")).catch((error: unknown) => {
    throw storeError("making a directory", error);
  });
  try {
    return await work(directory);
  } finally {
    await removeQuietly(directory);
  }
}

async function launchIn({ directory, bundle, launch, extendTo }: Extracted, options: RunOptions): Promise<number> {
  if (bundle.contents !== undefined)
    throw new CacheError("ERR_CACHE_FORMAT", "the package holds entries of a cache and nothing to run");
  if (launch === undefined) throw new CacheError("ERR_CACHE_FORMAT", "the package has no command to run");
  const {
    arguments: given = [],
    environment = process.env,
    workDirectory = process.cwd(),
    stdio = "inherit",
  } = options;
  const env = { ...filteredEnvironment(environment, launch.environment), [DIRECTORY]: directory };
  const command = join(directory, ...launch.command.split("/"));
  return await inWorkDirectory(launch, { package: directory, caller: workDirectory }, async (cwd) => {
    // From here on signals are the command's: one that came before ends it unstarted.
    options.signal?.throwIfAborted();
    const { pid, ended } = await start(command, [...(launch.arguments ?? []), ...given], { cwd, env, stdio });
    // This process may be killed, and the command go on. While it lives its own note is enough.
    await extendTo(pid).catch(() => undefined);
    return await ended;
  });
}

/**
 * Runs the command of a package from an extraction of which every byte was verified just before. Nothing that is not a member is
 * started; the command gets the variables that its package's rules choose, and `BUNDLE_DIRECTORY`. Signals are handed on.
 * @returns the exit code of the command; 128 and the number of the signal that ended it
 * @throws CacheError what `extractBundle` throws, `ERR_CACHE_FORMAT` for a package without a command, `ERR_CACHE_STORE` for one that
 * the system does not start
 */
export async function runBundle(path: string, options: RunOptions): Promise<number> {
  const { cache, arguments: _, environment: __, workDirectory: ___, stdio: ____, ...trust } = options;
  checkOptions("runBundle", options, [
    ...TRUST_OPTIONS,
    ...(["signal", "onProgress", "maxBytes", "cache", "arguments", "environment", "workDirectory", "stdio"] as const),
  ]);
  return await cache.use(path, trust, (extracted) => launchIn(extracted, options));
}
