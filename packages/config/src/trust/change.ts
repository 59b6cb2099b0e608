import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { updatePrivateFile } from "@cache/core/keyring-file";
import type { CacheConfig } from "../config.ts";
import type { Environment } from "../host.ts";
import { readFound, readFoundBytes } from "../read/found.ts";
import { unusable } from "../unusable.ts";
import { digestOf, encodeTrustList, parseTrustList, readTrustList, type TrustList, trustListPath } from "./list.ts";

const CALLED = "the list of trusted files";

/** A path as a walk from its directory upwards finds it: through no links. */
function foundPath(path: string): string {
  const full = resolve(path);
  try {
    return join(realpathSync(dirname(full)), basename(full));
  } catch {
    // Its directory is gone, so it is named as it was written down.
    return full;
  }
}

/** Whether the directory of a file is the user's. */
function liesInOwn(path: string): boolean {
  const me = process.geteuid?.();
  return me !== undefined && lstatSync(dirname(path), { throwIfNoEntry: false })?.uid === me;
}

async function change(environment: Environment, make: (list: Map<string, string>) => void): Promise<void> {
  // Read once before, so that a list which others can write to is not taken over.
  readTrustList(environment);
  await updatePrivateFile(
    trustListPath(environment),
    (bytes) => {
      const list = new Map(bytes === undefined ? [] : parseTrustList(bytes));
      make(list);
      return encodeTrustList(list);
    },
    { called: CALLED },
  );
}

/** A configuration that was trusted. */
export interface TrustedConfig {
  readonly path: string;
  /** SHA-256 of its bytes. */
  readonly digest: string;
  /** What it says; its paths as they stand there. */
  readonly config: CacheConfig;
}

/**
 * Trusts a configuration file as it is now, for the user: it is used when it is found, until a byte of it changes. Code is
 * not trusted in this way, since the files that it imports may change.
 * @throws CacheError `ERR_CACHE_CONFIG`, `ERR_CACHE_UNSAFE_PATH`
 */
export async function trustConfig(path: string, environment: Environment = process.env): Promise<TrustedConfig> {
  const full = foundPath(path);
  // As strictly as the commands that will find it.
  const { bytes, config } = readFound(full, liesInOwn(full));
  const digest = digestOf(bytes);
  await change(environment, (list) => list.set(full, digest));
  return { path: full, digest, config };
}

/**
 * Trusts a configuration file no more.
 * @throws CacheError `ERR_CACHE_CONFIG` when it was not trusted
 */
export async function untrustConfig(path: string, environment: Environment = process.env): Promise<void> {
  const list = readTrustList(environment);
  const names = [resolve(path), foundPath(path)].filter((each) => list.has(each));
  if (names.length === 0) throw unusable(`${resolve(path)} is not trusted`);
  await change(environment, (changed) => {
    for (const each of names) changed.delete(each);
  });
}

/** What became of a file that was trusted. */
export interface TrustedFile {
  readonly path: string;
  /** Of the bytes that are trusted. */
  readonly digest: string;
  /** `changed` has to be trusted anew; `unreadable` can no longer be used. */
  readonly state: "trusted" | "changed" | "gone" | "unreadable";
}

function stateOf(path: string, digest: string): TrustedFile["state"] {
  try {
    const bytes = readFoundBytes(path);
    if (bytes === undefined) return "gone";
    return digestOf(bytes) === digest ? "trusted" : "changed";
  } catch {
    // A list says of each file what is with it, whatever that is.
    return "unreadable";
  }
}

/**
 * The files that the user trusts.
 * @throws CacheError `ERR_CACHE_CONFIG`, `ERR_CACHE_UNSAFE_PATH`
 */
export function trustedConfigs(environment: Environment = process.env): TrustedFile[] {
  const list: TrustList = readTrustList(environment);
  return [...list].map(([path, digest]) => ({ path, digest, state: stateOf(path, digest) }));
}
