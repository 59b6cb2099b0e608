import { realpath, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { utf8 } from "../bytes/text.ts";
import { CacheError } from "../errors.ts";
import type { Keyring } from "../keyring/keyring.ts";
import { encodeKeyring } from "../keyring/keyring-json.ts";
import type { KeyringProtection } from "../keyring/protection.ts";
import { nextGeneration } from "../keyring/rotation.ts";
import { withFileLock } from "./lock.ts";
import { unusable } from "./private-file.ts";
import { makePrivateDirectory, placeNew, publish } from "./publish.ts";
import { type KeyringFileOptions, readKeyringFile } from "./read.ts";

const rollback = (why: string): CacheError => new CacheError("ERR_CACHE_ROLLBACK", why);

/**
 * Makes a new keyring file, 0600, in a directory that is made 0700 when missing. A file that is there stays.
 * @throws CacheError `ERR_CACHE_CONFIG`, with cause `EEXIST` when the file exists
 */
export async function createKeyringFile(
  path: string,
  keyring: Keyring,
  { protection }: Pick<KeyringFileOptions, "protection"> = {},
): Promise<void> {
  try {
    const stored = await encode(keyring, protection);
    await makePrivateDirectory(dirname(path));
    await withFileLock(path, () => publish(path, stored, placeNew));
  } catch (error) {
    throw unusable("made", error);
  }
}

async function encode(keyring: Keyring, protection: KeyringProtection | undefined): Promise<Uint8Array> {
  const plain = utf8(encodeKeyring(keyring));
  if (protection === undefined) return plain;
  try {
    return await protection.protect(plain);
  } finally {
    plain.fill(0);
  }
}

/** How a keyring takes the place of another one. */
export interface KeyringReplaceOptions extends KeyringFileOptions {
  /** The generation that is thought to be in the file. */
  readonly expect: number;
}

/**
 * Puts a keyring in the place of the one in a file, when that is still the expected one. To change what is there, whatever
 * it is by now, use {@link updateKeyringFile}.
 * @throws CacheError `ERR_CACHE_ROLLBACK` when the file holds another generation, or `keyring` does not go forward, and as
 * {@link readKeyringFile}
 */
export async function writeKeyringFile(path: string, keyring: Keyring, options: KeyringReplaceOptions): Promise<void> {
  const exchange = (current: Keyring): Keyring => {
    if (current.generation !== options.expect) throw rollback("the keyring file holds another generation");
    return keyring;
  };
  await updateKeyringFile(path, exchange, options);
}

/**
 * Changes a keyring file: reads it, applies `change` and publishes the result, whole or not at all, 0600. Changes by several
 * processes at once happen one after another. A symbolic link stays; what it points to is changed.
 * @param change - gives the keyring of the next generation
 * @throws CacheError `ERR_CACHE_ROLLBACK` when `change` does not go forward, and as {@link readKeyringFile}
 */
export async function updateKeyringFile(
  path: string,
  change: (keyring: Keyring) => Keyring,
  options: KeyringFileOptions = {},
): Promise<Keyring> {
  return replace(path, change, { from: options, to: options.protection });
}

/**
 * Protects a keyring file that was not, exchanges its protection for another one, or takes it away. The keyring stays as it is,
 * one generation on.
 * @param protection - the new one; `undefined` to store the keyring as text
 * @throws CacheError `ERR_CACHE_PASSPHRASE`, and as {@link updateKeyringFile}
 */
export async function protectKeyringFile(
  path: string,
  protection: KeyringProtection | undefined,
  options: KeyringFileOptions = {},
): Promise<void> {
  await replace(path, nextGeneration, { from: options, to: protection });
}

/** How a file is read, and how it is protected afterwards. */
interface Exchange {
  readonly from: KeyringFileOptions;
  readonly to: KeyringProtection | undefined;
}

type Change = (keyring: Keyring) => Keyring;

async function replace(path: string, change: Change, exchange: Exchange): Promise<Keyring> {
  // Read once before the lock is made, so that a wrong path leaves no lock file behind.
  await readKeyringFile(path, exchange.from);
  const real = await attempt(realpath(path));
  return withFileLock(real, () => changeLocked(real, change, exchange));
}

/** The platform's failures as ours; those of the caller's `change` are the caller's. */
async function attempt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw unusable("changed", error);
  }
}

async function changeLocked(path: string, change: Change, { from, to }: Exchange): Promise<Keyring> {
  const current = await readKeyringFile(path, from);
  const next = change(current);
  if (!(next.generation > current.generation)) throw rollback("a changed keyring has a higher generation");
  const place = async (temporary: string): Promise<void> => {
    // The lock keeps out everybody who takes it. This is for those who do not, and for a lock that was broken in error.
    const { generation } = await readKeyringFile(path, from);
    if (generation !== current.generation) throw rollback("the keyring file was changed meanwhile");
    await rename(temporary, path);
  };
  await attempt(publish(path, await encode(next, to), place));
  return next;
}
