import { CacheError, isCacheError } from "@cache/core";
import { parseKey, type SigningKey, type VerifyingKey } from "@cache/core/keyring";
import { readKeyringFile } from "@cache/core/keyring-file";
import type { KeySources } from "./sources.ts";

/** The same failure, with the place of what it is about. */
function told(error: unknown, place: string): unknown {
  return isCacheError(error) ? new CacheError(error.code, `${error.message}; it is ${place}`, { cause: error }) : error;
}

function publicKey(text: string): VerifyingKey {
  const key = parseKey(text);
  if (key.type !== "ed25519-public")
    throw new CacheError("ERR_CACHE_KEY_TYPE", "only public keys are trusted in a configuration");
  return key;
}

/**
 * Public keys that a configuration names.
 * @param place - where the list stands, for messages
 * @throws CacheError for keys of other types
 */
export function publicKeys(texts: readonly string[], place: string): VerifyingKey[] {
  return texts.map((text, index) => {
    try {
      return publicKey(text);
    } catch (error) {
      throw told(error, `key ${index + 1} in ${place}`);
    }
  });
}

/**
 * Who signs, by the identity file of a configuration.
 * @param place - where the file is named, for messages
 * @throws CacheError for a file without
 */
export async function identityIn(path: string, place: string, { fileOptions }: KeySources): Promise<SigningKey> {
  const identity = (await readKeyringFile(path, await fileOptions?.(path))).primarySigner;
  if (identity === undefined)
    throw new CacheError("ERR_CACHE_KEY_TYPE", `the identity file has no Ed25519 secret key; it is ${place}`);
  return identity;
}
