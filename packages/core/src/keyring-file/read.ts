import { fromUtf8 } from "../bytes/text.ts";
import { CacheError } from "../errors.ts";
import type { Keyring } from "../keyring/keyring.ts";
import { isProtected, type KeyringProtection } from "../keyring/protection.ts";
import { parseKeyring } from "../keyring/sources.ts";
import { type PrivateFileOptions, readPrivateFile } from "./private-file.ts";

/** How a keyring file is read. */
export interface KeyringFileOptions extends Pick<PrivateFileOptions, "permissions"> {
  /**
   * How the file is protected at rest. A file that is not is refused, so that nobody can put one of theirs in its place.
   * @defaultValue not at all
   */
  readonly protection?: KeyringProtection | undefined;
}

/**
 * The keyring in a private file: JSON, or one key a line (format, "Keys"), protected or not.
 * @throws CacheError `ERR_CACHE_CONFIG` when it cannot be read, `ERR_CACHE_KEY_PERMISSIONS`, and what
 * the parser refuses; `ERR_CACHE_PASSPHRASE` when it is protected otherwise than `protection` says
 */
export async function readKeyringFile(
  path: string,
  { permissions, protection }: KeyringFileOptions = {},
): Promise<Keyring> {
  const plain = await plainOf(readPrivateFile(path, { permissions }), protection);
  try {
    return parseKeyring(decode(plain));
  } finally {
    plain.fill(0);
  }
}

async function plainOf(stored: Uint8Array, protection: KeyringProtection | undefined): Promise<Uint8Array> {
  if (isProtected(stored)) {
    if (protection !== undefined) return protection.unprotect(stored);
    throw new CacheError("ERR_CACHE_PASSPHRASE", "the keyring file is protected by a passphrase, and none was given");
  }
  if (protection === undefined) return stored;
  throw new CacheError("ERR_CACHE_PASSPHRASE", "the keyring file is not protected by a passphrase, and one was given");
}

function decode(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw new CacheError("ERR_CACHE_KEY_FORMAT", "the keyring file is not UTF-8 text");
  }
}
