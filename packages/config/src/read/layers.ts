import { extname } from "node:path";
import { CacheError } from "@cache/core";
import type { Found } from "../find/find.ts";
import { type Environment, homeOf } from "../host.ts";
import { type Layer, type Merged, mergeLayers } from "../layers.ts";
import { digestOf, readTrustList } from "../trust/list.ts";
import { unusable } from "../unusable.ts";
import { readWhole } from "./file.ts";
import { MOST_BYTES, readFound } from "./found.ts";
import { readOwnFile } from "./own-file.ts";
import { naming, parseJson, runConfig } from "./parse.ts";
import { resolvePaths } from "./paths.ts";

/** Which files a configuration is read from. */
export interface Files {
  /** The user's own. */
  readonly own: string | undefined;
  /** One that was named, which may be code. */
  readonly named: string | undefined;
  /** Those that were found, the nearest first. */
  readonly found: Iterable<Found>;
}

function ownLayer(path: string): Layer[] {
  const bytes = naming(path, () => readOwnFile(path, MOST_BYTES));
  if (bytes === undefined) return [];
  const config = parseJson(path, bytes);
  if (config.root !== undefined) throw unusable(`"root" belongs in files that are found; it is ${path}`);
  return [{ path, config }];
}

async function namedLayer(path: string, onCode: (() => void) | undefined): Promise<Layer> {
  if (extname(path) !== ".json") return { path, config: await runConfig(path, onCode) };
  const read = naming(path, () => readWhole(path, { most: MOST_BYTES, follow: true }));
  if (read === undefined) throw unusable(`it is not there; it is ${path}`);
  return { path, config: parseJson(path, read.bytes) };
}

const untrusted = (path: string, why: string): CacheError =>
  new CacheError(
    "ERR_CACHE_UNTRUSTED",
    `the configuration ${path} was not used: ${why}; read it, then run cache config trust PATH; or name it with --config or CACHE_CONFIG; or give --no-config`,
  );

/** From the outermost to the nearest. */
function foundLayers(found: Iterable<Found>, environment: Environment): Layer[] {
  const layers: Layer[] = [];
  for (const { path, own } of found) {
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

/** What files say together, and which files there were. */
export interface ReadLayers extends Merged {
  /** The user's own first, the nearest last. */
  readonly files: readonly string[];
}

/**
 * Reads files and puts them together.
 * @param onCode - told before code is run
 * @throws CacheError `ERR_CACHE_CONFIG`, `ERR_CACHE_UNSAFE_PATH`, `ERR_CACHE_UNTRUSTED`
 */
export async function readLayers(
  { own, named, found }: Files,
  environment: Environment,
  onCode: (() => void) | undefined,
): Promise<ReadLayers> {
  const layers = own === undefined ? [] : ownLayer(own);
  if (named !== undefined) layers.push(await namedLayer(named, onCode));
  layers.push(...foundLayers(found, environment));
  const home = homeOf(environment);
  const absolute = layers.map(({ path, config }) => ({ path, config: resolvePaths(config, path, home) }));
  return { ...mergeLayers(absolute), files: layers.map(({ path }) => path) };
}
