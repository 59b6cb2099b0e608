import { CacheError } from "../errors.ts";
import { parseKeyList } from "./key-string.ts";
import { Keyring } from "./keyring.ts";
import { decodeKeyring } from "./keyring-json.ts";

/** Largest keyring file in bytes. */
export const MAX_KEYRING_BYTES = 262_144;

/** The text of a keyring file: JSON, or one key a line with `#` comments (format, "Keys"). */
export function parseKeyring(text: string): Keyring {
  if (typeof text !== "string") throw new TypeError("the keys are given as text");
  if (text.length > MAX_KEYRING_BYTES) throw new CacheError("ERR_CACHE_KEY_FORMAT", "a keyring has at most 256 KiB");
  // The mark that editors on Windows put in front of UTF-8.
  const bare = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (/^[ \t\r\n]*\{/.test(bare)) return decodeKeyring(bare);
  const lines = bare.split("\n").filter((line) => !/^[ \t]*#/.test(line));
  return Keyring.of(...parseKeyList(lines.join("\n")));
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
