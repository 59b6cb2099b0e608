import { CacheError } from "@cache/core";
import { parseKey, type SigningKey, type VerifyingKey } from "@cache/core/keyring";
import { readKeyringFile } from "@cache/core/keyring-file";
import type { KeySources } from "./sources.ts";

/** Public keys that a configuration names. @throws CacheError for keys of other types */
export function publicKeys(texts: readonly string[]): VerifyingKey[] {
  return texts.map((text) => {
    const key = parseKey(text);
    if (key.type !== "ed25519-public")
      throw new CacheError("ERR_CACHE_KEY_TYPE", "only public keys are trusted in a configuration");
    return key;
  });
}

/** Who signs, by the identity file of a configuration. @throws CacheError for a file without */
export async function identityIn(path: string, { fileOptions }: KeySources): Promise<SigningKey> {
  const identity = (await readKeyringFile(path, await fileOptions?.(path))).primarySigner;
  if (identity === undefined) throw new CacheError("ERR_CACHE_KEY_TYPE", "the identity file has no Ed25519 secret key");
  return identity;
}
