import { type Stats, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { CacheError, isCacheError } from "@cache/core";
import { fromUtf8 } from "@cache/core/bytes";
import { checkConfig } from "../check.ts";
import type { CacheConfig } from "../config.ts";
import { unusable } from "../unusable.ts";
import { whereNoJson } from "./json-fault.ts";

const RUNNABLE = /\.[mc]?[jt]s$/;

function jsonOf(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = fromUtf8(bytes);
  } catch {
    throw unusable("it cannot be read as text");
  }
  try {
    return JSON.parse(text);
  } catch {
    // Not the parser's own message, which repeats what it read.
    throw unusable(`it is not JSON${whereNoJson(text)}`);
  }
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw unusable(code === "ENOENT" || code === "ENOTDIR" ? "it is not there" : "it cannot be read", error);
  }
}

/** What a module exports is reduced to the fields of a configuration, as a JSON file is. */
async function runModule(path: string): Promise<unknown> {
  let loaded: Record<string, unknown>;
  try {
    loaded = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (cause) {
    const typescript = (cause as { code?: unknown } | null)?.code === "ERR_UNKNOWN_FILE_EXTENSION";
    throw unusable(
      typescript ? "this Node runs no TypeScript; use cache.config.mjs or .json" : "running it failed",
      cause,
    );
  }
  return loaded.default ?? loaded.config;
}

/** The same error, with the file it is about. */
export function about(path: string, error: unknown): CacheError {
  // Anything else was thrown by a configuration that is code, when a field of it was read.
  const told = isCacheError(error) ? error : unusable("reading its fields failed", error);
  if (told.message.includes(path)) return told;
  return new CacheError(told.code, `${told.message}; it is ${path}`, { cause: told.cause ?? told });
}

/** Adds the file to what goes wrong with it. @throws CacheError */
export function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw about(path, error);
  }
}

/** @throws CacheError `ERR_CACHE_CONFIG` */
export function parseJson(path: string, bytes: Uint8Array): CacheConfig {
  return naming(path, () => checkConfig(jsonOf(bytes)));
}

/**
 * Runs a configuration that is code.
 * @param onCode - told before
 * @throws CacheError `ERR_CACHE_CONFIG`
 */
export async function runConfig(path: string, onCode: (() => void) | undefined): Promise<CacheConfig> {
  try {
    if (!RUNNABLE.test(path)) throw unusable("its name ends in none of .json, .mjs, .js and .ts");
    if (!statOf(path).isFile()) throw unusable("it is not a file");
    onCode?.();
    return checkConfig(await runModule(path));
  } catch (error) {
    throw about(path, error);
  }
}
