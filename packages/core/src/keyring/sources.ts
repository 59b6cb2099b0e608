import { CacheError } from "../errors.ts";
import { parseKeyList } from "./key-string.ts";
import { Keyring } from "./keyring.ts";
import { decodeKeyring } from "./keyring-json.ts";

/** Largest keyring file in bytes. */
export const MAX_KEYRING_BYTES = 262_144;

/** The text of a keyring file: JSON, or one key a line with `#` comments (format, section 6.1). */
export function parseKeyring(text: string): Keyring {
  if (text.length > MAX_KEYRING_BYTES) throw new CacheError("ERR_CACHE_LIMIT", "a keyring has at most 256 KiB");
  if (text.trimStart().startsWith("{")) return decodeKeyring(text);
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const items = lines.filter((line) => line !== "" && !line.startsWith("#"));
  return Keyring.of(...parseKeyList(items.join("\n")));
}

/**
 * The keyring in the variable `CACHE_KEYRING`; `undefined` when it is not set. Set but unusable is an error:
 * nothing falls back to no encryption.
 */
export function keyringFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  variable = "CACHE_KEYRING",
): Keyring | undefined {
  const text = environment[variable];
  return text === undefined ? undefined : Keyring.of(...parseKeyList(text));
}
