import { realpathSync } from "node:fs";
import { join, resolve } from "node:path";
import { checkOptions } from "@cache/core/adapter";
import type { CacheConfig } from "./config.ts";
import { findConfigs, isThere } from "./find/find.ts";
import { type Environment, homeOf, settingsOf } from "./host.ts";
import { unusable } from "./unusable.ts";

/** Where a configuration is looked for. */
export interface LoadConfigOptions {
  /**
   * A configuration to use in place of those that are found, JSON or code. Naming it is consent.
   * @defaultValue the variable `CACHE_CONFIG`, unless `search` is false
   */
  readonly file?: string | undefined;
  /**
   * Whether one is looked for when none is named. The user's own file always counts.
   * @defaultValue true
   */
  readonly search?: boolean | undefined;
  /**
   * Directory to begin in.
   * @defaultValue the working directory
   */
  readonly cwd?: string | undefined;
  /**
   * `CACHE_CONFIG`, `XDG_CONFIG_HOME` and `HOME` of it are looked at.
   * @defaultValue `process.env`
   */
  readonly environment?: Environment | undefined;
  /** Hears of a configuration in a directory of somebody else's, which is left out. */
  readonly onRemark?: ((text: string) => void) | undefined;
  /** Told before a configuration that is code is run. */
  readonly onCode?: (() => void) | undefined;
}

/** A configuration from all its files. Paths are absolute. */
export interface LoadedConfig extends CacheConfig {
  /** The files, the user's own first, the nearest last. */
  readonly files: readonly string[];
  /** File that each field was taken from, such as `dir`, `caches.builds.ttl` or `require.seal`; a variable for what it added. */
  readonly sources: Readonly<Record<string, string>>;
}

/** The user's own file, where there is one. */
function ownFile(environment: Environment): string | undefined {
  const settings = settingsOf(environment);
  const path = settings && join(settings, "config.json");
  return path !== undefined && isThere(path) ? path : undefined;
}

function checkNames(options: LoadConfigOptions): void {
  checkOptions("loadConfig", options, ["file", "search", "cwd", "environment", "onRemark", "onCode"]);
}

/**
 * The configuration: the user's own file, and over it the one that is named, or else those that are found from the working
 * directory upwards, the nearest last. A file that is found counts only when the user has trusted it.
 * @throws CacheError `ERR_CACHE_CONFIG`, `ERR_CACHE_UNSAFE_PATH`, `ERR_CACHE_UNTRUSTED`
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  checkNames(options);
  const { search = true, cwd, environment = process.env, onRemark, onCode } = options;
  const start = cwd === undefined ? process.cwd() : realpathSync(resolve(cwd));
  const file = options.file ?? (search ? environment.CACHE_CONFIG : undefined);
  if (file === "") throw unusable("its name is set to nothing");
  const own = ownFile(environment);
  const named = file === undefined ? undefined : resolve(start, file);
  const look = search && named === undefined ? { start, home: homeOf(environment), onRemark } : undefined;
  const isAny = own !== undefined || named !== undefined || (look !== undefined && !findConfigs(look).next().done);
  if (!isAny) return { files: [], sources: {} };
  // Apart, as most commands find none, and every start would pay for what reads them.
  const { readLayers } = await import("./read/layers.ts");
  const found = look === undefined ? [] : findConfigs(look);
  const { config, files, sources } = await readLayers({ own, named, found }, environment, onCode);
  return { ...config, files, sources };
}
