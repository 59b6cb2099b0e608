import { CacheError } from "@cache/core";
import type { CacheFields } from "../config.ts";
import type { Environment } from "../host.ts";
import type { LoadedConfig } from "../load.ts";
import { overlay } from "../overlay.ts";
import { unusable } from "../unusable.ts";
import { requiredBy } from "./required.ts";

/** Where a cache lies; `nowhere` when nothing says so. */
export type Place = "directory" | "ephemeral" | "memory" | "void" | "nowhere";

/** The configuration of one cache. */
export interface SelectedCache extends Omit<LoadedConfig, "caches" | "default" | "root"> {
  /** `undefined` for the one without a name. */
  readonly name: string | undefined;
  readonly place: Place;
}

function fieldsOf(config: LoadedConfig, name: string | undefined): CacheFields {
  const { caches = {}, default: _, require: _require, root: _root, files: _files, sources: _sources, ...own } = config;
  if (name === undefined) return own;
  // These are in the process that asks, or nowhere: of what is about other places nothing is theirs.
  if (isBuiltIn(name)) return { maxBytes: own.maxBytes, off: own.off, ttl: own.ttl };
  const named = Object.hasOwn(caches, name) ? caches[name] : undefined;
  if (named !== undefined) return overlay(own, named);
  const names = ["memory", "void", ...Object.keys(caches)].join(", ");
  throw new CacheError("ERR_CACHE_CONFIG", `no cache of this name is configured; there are ${names}`);
}

const isBuiltIn = (name: string | undefined): name is "memory" | "void" => name === "memory" || name === "void";

function placeOf({ dir, ephemeral }: CacheFields): Place {
  if (dir !== undefined) return "directory";
  return ephemeral === true ? "ephemeral" : "nowhere";
}

/** What the environment says of where the default cache lies. */
function placedBy({ CACHE_DIR: dir, CACHE_EPHEMERAL: ephemeral }: Environment): CacheFields {
  if (dir === "") throw unusable("CACHE_DIR is set to nothing");
  if (!isSet("CACHE_EPHEMERAL", ephemeral)) return dir === undefined ? {} : { dir };
  if (dir !== undefined) throw unusable("CACHE_DIR and CACHE_EPHEMERAL contradict each other");
  return { ephemeral: true };
}

/**
 * Whether a variable that is 1, 0 or not set is 1.
 * @throws CacheError `ERR_CACHE_CONFIG` for anything else
 */
export function isSet(name: string, value: string | undefined): boolean {
  if (value === undefined || value === "" || value === "0") return false;
  if (value === "1") return true;
  throw unusable(`${name} is 1, 0 or not set`);
}

/**
 * One cache of a configuration. One with a name takes what it does not say itself from the fields above all names. The
 * variables `CACHE_DIR` and `CACHE_EPHEMERAL=1` say where the cache lies that is meant when none is named. `CACHE_REQUIRE` adds to
 * what every cache must have.
 * @param name - the default one unless given
 * @throws CacheError `ERR_CACHE_CONFIG` when there is none of this name, and for a variable that makes no sense
 */
export function selectCache(
  config: LoadedConfig,
  name?: string | undefined,
  environment: Environment = process.env,
): SelectedCache {
  const { files } = config;
  const place = name === undefined ? placedBy(environment) : {};
  const isPlaced = Object.keys(place).length > 0;
  const wanted = name ?? config.default;
  const fields = overlay(fieldsOf(config, wanted), place);
  return {
    ...fields,
    name: wanted,
    place: isBuiltIn(wanted) && !isPlaced ? wanted : placeOf(fields),
    files,
    ...requiredBy(config, environment),
  };
}
