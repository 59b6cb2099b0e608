import { CacheError } from "@cache/core";
import type { Keyring } from "@cache/core/keyring";
import type { KeyringFileOptions } from "@cache/core/keyring-file";
import type { CacheFields } from "../config.ts";

/** Keys that were named outside the configuration, and how key files are read. */
export interface KeySources {
  /** A keyring file. */
  readonly file?: string | undefined;
  /** A key list, as in `CACHE_KEYRING`: a secret. */
  readonly text?: string | undefined;
  /** How a key file is read: how strictly, and by which passphrase. */
  readonly fileOptions?: ((path: string) => KeyringFileOptions | Promise<KeyringFileOptions>) | undefined;
}

/** What of a configuration is about keys. */
export type KeyFields = Pick<CacheFields, "keyringFile" | "sign">;

const conflict = (why: string): CacheError => new CacheError("ERR_CACHE_CONFIG", why);

/** @throws CacheError `ERR_CACHE_CONFIG` for two sources at once, and for one that is set to nothing */
export function checkSources({ file, text }: KeySources): void {
  if (file === "") throw conflict("the keyring file is set to nothing");
  if (file !== undefined && text !== undefined)
    throw conflict("keys come from CACHE_KEYRING or from a keyring file, not from both");
}

/** Whether anything says which keys to use. */
export function namesKeys({ keyringFile, sign }: KeyFields, { file, text }: KeySources): boolean {
  return [keyringFile, sign, file, text].some((each) => each !== undefined);
}

/**
 * The keyring that was asked for. What was named outside the configuration decides before it, and a configuration that names
 * whom to trust is not mixed with keys that were named there.
 * @throws CacheError for a source that is set and unusable: nothing falls back to no keys
 */
export async function configuredKeyring(fields: KeyFields, sources: KeySources = {}): Promise<Keyring | undefined> {
  checkSources(sources);
  const { file, text, fileOptions } = sources;
  const explicit = file !== undefined || text !== undefined;
  if (explicit && fields.sign !== undefined) {
    throw conflict(
      "the configuration says whom to trust, and so do keys given outside it; leave them out, or go without the configuration",
    );
  }
  if (text !== undefined) {
    const { keyringFromEnvironment } = await import("@cache/core/keyring");
    return keyringFromEnvironment({ CACHE_KEYRING: text });
  }
  const path = file ?? fields.keyringFile;
  if (path === undefined) return undefined;
  const { readKeyringFile } = await import("@cache/core/keyring-file");
  return readKeyringFile(path, await fileOptions?.(path));
}
