import { CacheError } from "@cache/core";
import { fromUtf8 } from "@cache/core/bytes";
import { importPem, isPem, type Key, parseKey, parseKeyring, type VerifyingKey } from "@cache/core/keyring";
import { withHint } from "../failure.ts";
import { readInput } from "../input.ts";
import { UsageError } from "../usage-error.ts";

/** As long as a list of certificates or a keyring may be. */
const MOST_BYTES = 1_048_576;

function requirePublic(key: Key | undefined): VerifyingKey {
  if (key?.type === "ed25519-public") return key;
  const error = new CacheError("ERR_CACHE_KEY_TYPE", "it is not a public Ed25519 key");
  throw withHint(error, "cache keys list prints it; a secret key stays where it is");
}

/** A public key from the command line, where a secret one must not stand. */
export function keyArgument(text: string): VerifyingKey {
  if (!text.startsWith("cachek1.ed25519-public."))
    throw new UsageError("only public keys are taken from the command line", "if that key is secret, replace it");
  return requirePublic(parseKey(text));
}

/** The text of a file or of standard input. */
export async function textIn(path: string): Promise<string> {
  const bytes = await readInput(path, MOST_BYTES, "certificates, lists and public keys are smaller");
  try {
    return fromUtf8(bytes);
  } catch {
    throw new UsageError("the input is not UTF-8 text", "name a file, or - for standard input");
  }
}

/** The one public key of a text, in its native form or as PEM. */
export function keyIn(text: string): VerifyingKey {
  if (isPem(text)) return requirePublic(importPem(text));
  const [entry, ...more] = parseKeyring(text).entries;
  if (more.length > 0) throw new UsageError("there are several keys in it", "each needs a certificate of its own");
  return requirePublic(entry?.key);
}
