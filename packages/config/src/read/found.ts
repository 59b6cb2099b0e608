import { extname } from "node:path";
import { CacheError } from "@cache/core";
import { isChain } from "../chain-config.ts";
import type { CacheConfig, CacheFields } from "../config.ts";
import { unusable } from "../unusable.ts";
import { type FileRead, readWhole } from "./file.ts";
import { refuseUnlessOwn } from "./own-file.ts";
import { naming, parseJson } from "./parse.ts";
import { isAnchored } from "./paths.ts";

/** Larger than any configuration somebody wrote. */
export const MOST_BYTES = 65_536;

function readUnfollowed(path: string): FileRead | undefined {
  return naming(path, () => readWhole(path, { most: MOST_BYTES, follow: false }));
}

/** The bytes of a file that lies where configurations are looked for; `undefined` when it is gone. */
export function readFoundBytes(path: string): Uint8Array | undefined {
  return readUnfollowed(path)?.bytes;
}

/** A configuration that was found, with the bytes it was read from. */
export interface FoundConfig {
  readonly bytes: Uint8Array;
  readonly config: CacheConfig;
}

/** What of a configuration is believed as it lies there: keys, and what was seen of lists. Certificates and lists prove themselves. */
function believedFiles({ keyringFile, sign }: CacheFields): (string | undefined)[] {
  return [keyringFile, sign?.identityFile, sign && isChain(sign) ? sign.seen : undefined];
}

/** Key files, and what remembers lists, that a found configuration may have brought along. */
function refuseOwnKeys(path: string, config: CacheConfig): void {
  const files = [config, ...Object.values(config.caches ?? {})].flatMap(believedFiles);
  if (files.some((file) => file !== undefined && !isAnchored(file)))
    throw unusable(
      `in a file that is found, a key file and "seen" are named by absolute paths or from ~/: what lies beside it came with it; it is ${path}`,
    );
}

/**
 * Reads a configuration that was found, and believes nothing of it yet.
 * @param check - told the bytes before they meet a parser
 * @throws CacheError `ERR_CACHE_CONFIG`, `ERR_CACHE_UNSAFE_PATH`, `ERR_CACHE_UNTRUSTED` for code
 */
export function readFound(path: string, own = false, check?: (bytes: Uint8Array) => void): FoundConfig {
  if (extname(path) !== ".json")
    throw new CacheError(
      "ERR_CACHE_UNTRUSTED",
      `the configuration ${path} was not run: code is run only when it is named, with --config or CACHE_CONFIG; --no-config goes on without it`,
    );
  const read = readUnfollowed(path);
  if (read === undefined) throw unusable(`it is not there; it is ${path}`);
  if (own) refuseUnlessOwn(path, read);
  check?.(read.bytes);
  const config = parseJson(path, read.bytes);
  refuseOwnKeys(path, config);
  return { bytes: read.bytes, config };
}
