import { realpathSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { CacheError } from "@cache/core";
import { checkOptions } from "@cache/core/adapter";
import type { CacheConfig } from "./config.ts";
import { findConfigs } from "./find/find.ts";
import { type Environment, homeOf, settingsOf } from "./host.ts";
import { type Layer, mergeLayers } from "./layers.ts";
import { readWhole } from "./read/file.ts";
import { MOST_BYTES, readFound } from "./read/found.ts";
import { readOwnFile } from "./read/own-file.ts";
import { naming, parseJson, runConfig } from "./read/parse.ts";
import { resolvePaths } from "./read/paths.ts";
import { digestOf, readTrustList } from "./trust/list.ts";
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
  /** File that each field was taken from, such as `dir`, `caches.builds.ttl` or `require.seal`. */
  readonly sources: Readonly<Record<string, string>>;
}

function userLayer(environment: Environment): Layer[] {
  const settings = settingsOf(environment);
  if (settings === undefined) return [];
  const path = join(settings, "config.json");
  const bytes = naming(path, () => readOwnFile(path, MOST_BYTES));
  if (bytes === undefined) return [];
  const config = parseJson(path, bytes);
  if (config.root !== undefined) throw unusable(`"root" belongs in files that are found; it is ${path}`);
  return [{ path, config }];
}

async function namedLayer(path: string, onCode: LoadConfigOptions["onCode"]): Promise<Layer> {
  if (extname(path) !== ".json") return { path, config: await runConfig(path, onCode) };
  const read = naming(path, () => readWhole(path, { most: MOST_BYTES, follow: true }));
  if (read === undefined) throw unusable(`it is not there; it is ${path}`);
  return { path, config: parseJson(path, read.bytes) };
}

const untrusted = (path: string, why: string): CacheError =>
  new CacheError(
    "ERR_CACHE_UNTRUSTED",
    `the configuration ${path} was not used: ${why}; read it, then run cache config trust PATH, or name it with --config, or give --no-config`,
  );

/** From the outermost to the nearest. */
function foundLayers(start: string, environment: Environment, onRemark: LoadConfigOptions["onRemark"]): Layer[] {
  const layers: Layer[] = [];
  for (const { path, own } of findConfigs({ start, home: homeOf(environment), onRemark })) {
    const { config } = readFound(path, own, (bytes) => {
      const digest = readTrustList(environment).get(path);
      if (digest === undefined) throw untrusted(path, "you have not trusted it");
      if (digest !== digestOf(bytes)) throw untrusted(path, "it has changed since you trusted it");
    });
    layers.unshift({ path, config });
    if (config.root === true) break;
  }
  return layers;
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
  const layers = userLayer(environment);
  if (file !== undefined) layers.push(await namedLayer(resolve(start, file), onCode));
  else if (search) layers.push(...foundLayers(start, environment, onRemark));
  const home = homeOf(environment);
  const absolute = layers.map(({ path, config }) => ({ path, config: resolvePaths(config, path, home) }));
  const { config, sources } = mergeLayers(absolute);
  return { ...config, files: layers.map(({ path }) => path), sources };
}
