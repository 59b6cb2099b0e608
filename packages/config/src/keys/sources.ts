import { CacheError } from "@cache/core";
import type { Keyring } from "@cache/core/keyring";
import type { KeyringFileOptions } from "@cache/core/keyring-file";
import { isChain } from "../chain-config.ts";
import type { CacheFields, ChainConfig } from "../config.ts";

/** Keys that were named outside the configuration, and how key files are read. */
export interface KeySources {
  /** A keyring file. */
  readonly file?: string | undefined;
  /** A key list or the text of a keyring file, as in `CACHE_KEYRING`: a secret. */
  readonly text?: string | undefined;
  /** Roots, and what they signed, as in `CACHE_ROOTS`. */
  readonly chain?: ChainConfig | undefined;
  /** Where the cache lies. What remembers lists of revocations must not lie in it. */
  readonly directory?: string | undefined;
  /** Milliseconds since 1970 UTC, for certificates and revocations. @defaultValue Date.now */
  readonly now?: (() => number) | undefined;
  /** How a key file is read: how strictly, and by which passphrase. */
  readonly fileOptions?: ((path: string) => KeyringFileOptions | Promise<KeyringFileOptions>) | undefined;
}

/** What of a configuration is about keys. */
export interface KeyFields extends Pick<CacheFields, "keyringFile" | "sign"> {
  /** Of the cache, `undefined` for the one without. */
  readonly name?: string | undefined;
  /** Where each field came from, as a loaded configuration tells it, for messages. */
  readonly sources?: Readonly<Record<string, string>> | undefined;
}

/** A part of `sign` as a message names it, with the file it stands in where that is known. */
export function signPlace({ name, sources = {} }: KeyFields, part: string): string {
  const own = `caches.${name}.sign`;
  const field = name !== undefined && Object.hasOwn(sources, own) ? own : "sign";
  const file = sources[field];
  return `"${field}.${part}"${file === undefined ? "" : ` of ${file}`}`;
}

/** The roots, as a message names where they came from. */
export function rootsPlace(fields: KeyFields, { chain }: KeySources): string {
  return chain === undefined ? signPlace(fields, "roots") : "CACHE_ROOTS";
}

const conflict = (why: string): CacheError => new CacheError("ERR_CACHE_CONFIG", why);

/** @throws CacheError `ERR_CACHE_CONFIG` for two sources at once, and for one that is set to nothing */
export function checkSources({ file, text }: KeySources): void {
  if (file === "") throw conflict("the keyring file is set to nothing");
  if (file !== undefined && text !== undefined)
    throw conflict("keys come from CACHE_KEYRING or from a keyring file, not from both");
}

/** Whether anything says which keys to use. */
export function namesKeys({ keyringFile, sign }: KeyFields, { file, text, chain }: KeySources): boolean {
  return [keyringFile, sign, file, text, chain].some((each) => each !== undefined);
}

/**
 * Whom the configuration or the environment says to believe.
 * @throws CacheError `ERR_CACHE_CONFIG` when both do
 */
export function believedBy({ sign }: KeyFields, { chain }: KeySources): CacheFields["sign"] {
  if (sign !== undefined && chain !== undefined)
    throw conflict("the configuration says whom to trust, and so does CACHE_ROOTS; leave one out");
  return sign ?? chain;
}

/**
 * The keyring that was asked for. What was named outside the configuration decides before it, and a configuration that names
 * keys to trust is not mixed with keys that were named there.
 * @throws CacheError for a source that is set and unusable: nothing falls back to no keys
 */
export async function configuredKeyring(fields: KeyFields, sources: KeySources = {}): Promise<Keyring | undefined> {
  checkSources(sources);
  const { file, text, fileOptions } = sources;
  const explicit = file !== undefined || text !== undefined;
  // Roots say who is believed, and keys that are given beside them only who signs and what seals.
  if (explicit && fields.sign !== undefined && !isChain(fields.sign)) {
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
