import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CacheError, isCacheError } from "@cache/core";
import { fromUtf8 } from "@cache/core/bytes";
import { checkConfig, unusable } from "./check.ts";
import type { CacheConfig } from "./config.ts";
import { findConfig } from "./find.ts";

/** Larger than any configuration somebody wrote. */
const MOST_BYTES = 65_536;

const RUNNABLE = /\.[mc]?[jt]s$/;

/** A configuration and where it came from. Its paths are absolute. */
export interface LoadedConfig extends CacheConfig {
  readonly path?: string | undefined;
}

function readText(path: string): string {
  let fd: number;
  try {
    // Not blocking: a FIFO in its place would wait for a writer for ever.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw unusable((error as { code?: unknown }).code === "ENOENT" ? "it is not there" : "it cannot be read");
  }
  try {
    if (!fstatSync(fd).isFile()) throw unusable("it is not a file");
    const bytes = new Uint8Array(MOST_BYTES + 1);
    const length = readSync(fd, bytes, 0, bytes.length, 0);
    if (length > MOST_BYTES) throw unusable("it has more than 64 KiB");
    return fromUtf8(bytes.subarray(0, length));
  } catch (error) {
    throw error instanceof CacheError ? error : unusable("it cannot be read as text");
  } finally {
    closeSync(fd);
  }
}

function readJson(path: string): unknown {
  const text = readText(path);
  try {
    return JSON.parse(text);
  } catch {
    throw unusable("it is not JSON");
  }
}

let hasRunCode = false;

/** Whether a configuration that is code was run, which may have left something running. */
export const ranCode = (): boolean => hasRunCode;

async function runModule(path: string): Promise<unknown> {
  if (!RUNNABLE.test(path)) throw unusable("its name ends in none of .json, .mjs, .js and .ts");
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw unusable("it is not there");
  if (!found.isFile()) throw unusable("it is not a file");
  let loaded: Record<string, unknown>;
  hasRunCode = true;
  try {
    loaded = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (cause) {
    const typescript = (cause as { code?: unknown }).code === "ERR_UNKNOWN_FILE_EXTENSION";
    const why = typescript ? "this Node runs no TypeScript; use cache.config.mjs or .json" : "running it failed";
    throw new CacheError("ERR_CACHE_CONFIG", `the configuration is not usable: ${why}`, { cause });
  }
  return loaded.default ?? loaded.config;
}

async function checkedConfig(path: string): Promise<CacheConfig> {
  try {
    return checkConfig(extname(path) === ".json" ? readJson(path) : await runModule(path));
  } catch (error) {
    // Anything else was thrown by a configuration that is code, when a field of it was read.
    const told = isCacheError(error, "ERR_CACHE_CONFIG") ? error : unusable("reading its fields failed", error);
    throw new CacheError("ERR_CACHE_CONFIG", `${told.message}; it is ${path}`, { cause: told.cause ?? told });
  }
}

/** Whatever a module exports is reduced to the fields of {@link CacheConfig}, as a JSON file is. */
async function readConfig(path: string): Promise<LoadedConfig> {
  const config = await checkedConfig(path);
  const from = (other: string | undefined) => (other === undefined ? undefined : resolve(dirname(path), other));
  const { sign } = config;
  return {
    ...config,
    path,
    auditFile: from(config.auditFile),
    dir: from(config.dir),
    keyringFile: from(config.keyringFile),
    sign: sign && { trusted: sign.trusted, identityFile: from(sign.identityFile) },
  };
}

/**
 * The configuration: the one named, or else the nearest, or else an empty one.
 * @throws CacheError `ERR_CACHE_CONFIG`, `ERR_CACHE_UNSAFE_PATH`
 */
export async function loadConfig(named: string | undefined, search: boolean): Promise<LoadedConfig> {
  const path = named === undefined ? (search ? findConfig(process.cwd()) : undefined) : resolve(named);
  return path === undefined ? {} : readConfig(path);
}
