import { join } from "node:path";
import { CacheError } from "@cache/core";
import { fromUtf8, toHex } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { type Environment, settingsOf } from "../host.ts";
import { readOwnFile } from "../read/own-file.ts";
import { naming } from "../read/parse.ts";
import { unusable } from "../unusable.ts";

/** Paths of trusted files, each with the SHA-256 of its bytes in hexadecimal digits. */
export type TrustList = ReadonlyMap<string, string>;

const FORMAT = "cache-trust";
const MOST_BYTES = 1_048_576;

/**
 * The user's own list.
 * @throws CacheError `ERR_CACHE_CONFIG` when this user has no place for it
 */
export function trustListPath(environment: Environment): string {
  const settings = settingsOf(environment);
  if (settings === undefined)
    throw new CacheError("ERR_CACHE_CONFIG", "this user has no home directory; set XDG_CONFIG_HOME");
  return join(settings, "trusted.json");
}

/** What identifies the bytes of a configuration. */
export function digestOf(bytes: Uint8Array): string {
  return toHex(crypto.sha256(bytes));
}

/** @throws CacheError `ERR_CACHE_CONFIG` for anything but a list */
export function parseTrustList(bytes: Uint8Array): TrustList {
  const { format, version, files } = objectIn(bytes);
  if (format !== FORMAT || version !== 1 || typeof files !== "object" || files === null)
    throw unusable("it is no list of trusted files");
  const entries = Object.entries(files);
  if (!entries.every(([, digest]) => typeof digest === "string" && /^[0-9a-f]{64}$/.test(digest)))
    throw unusable("it is no list of trusted files");
  return new Map(entries);
}

function objectIn(bytes: Uint8Array): Record<string, unknown> {
  try {
    return Object(JSON.parse(fromUtf8(bytes)));
  } catch {
    throw unusable("it is no list of trusted files");
  }
}

/** The bytes of a list. */
export function encodeTrustList(list: TrustList): Uint8Array {
  const files = Object.fromEntries([...list].sort());
  return new TextEncoder().encode(`${JSON.stringify({ format: FORMAT, version: 1, files }, null, 2)}\n`);
}

/**
 * The files that the user trusts; none when there is no list.
 * @throws CacheError `ERR_CACHE_CONFIG` when it cannot be read, `ERR_CACHE_UNSAFE_PATH` when others can write to it
 */
export function readTrustList(environment: Environment): TrustList {
  if (settingsOf(environment) === undefined) return new Map();
  const path = trustListPath(environment);
  return naming(path, () => {
    const bytes = readOwnFile(path, MOST_BYTES);
    return bytes === undefined ? new Map() : parseTrustList(bytes);
  });
}
