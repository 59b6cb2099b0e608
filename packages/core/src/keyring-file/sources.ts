import { CacheError } from "../errors.ts";
import type { Keyring } from "../keyring/keyring.ts";
import { keyringFromEnvironment } from "../keyring/sources.ts";
import { type KeyringFileOptions, readKeyringFile } from "./read.ts";

/** Where a keyring may come from. */
export interface KeyringSources extends KeyringFileOptions {
  /**
   * Its variables `CACHE_KEYRING`, a key list or the text of a keyring file, and `CACHE_KEYRING_FILE`, a path, are looked at.
   * @defaultValue `process.env`
   */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** A keyring file that was named otherwise. */
  readonly file?: string | undefined;
}

/**
 * The keyring of whichever source is set; `undefined` when none is. Set but unusable is an error, and so is more than one:
 * nothing falls back to other keys, or to none.
 * @throws CacheError `ERR_CACHE_CONFIG` for two sources, and as {@link readKeyringFile}
 */
export async function keyringFromSources(sources: KeyringSources = {}): Promise<Keyring | undefined> {
  const { environment = process.env, file, permissions, protection } = sources;
  const { CACHE_KEYRING: list, CACHE_KEYRING_FILE: named } = environment;
  if ([list, named, file].filter((source) => source !== undefined).length > 1) {
    throw new CacheError(
      "ERR_CACHE_CONFIG",
      "keys come from one source: CACHE_KEYRING, CACHE_KEYRING_FILE or a file named otherwise, not from two",
    );
  }
  const path = file ?? named;
  if (path === undefined) return keyringFromEnvironment(environment);
  if (path === "") throw new CacheError("ERR_CACHE_CONFIG", "the keyring file is set to nothing");
  return readKeyringFile(path, { permissions, protection });
}
