import { CacheError, isCacheError } from "../errors.ts";
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

/** How a protected file begins once a shell made text of it: its first byte is no text, and what becomes of that differs. */
const PROTECTED = /^.?CKRW\r?\n/;

/**
 * The keyring in the variable `CACHE_KEYRING`: a key list, or the text of a keyring file; `undefined` when it is not set. Set but
 * unusable is an error: nothing falls back to no encryption.
 * @throws CacheError as {@link parseKeyring}, and `ERR_CACHE_PASSPHRASE` for what was a file that a passphrase protects; no message repeats the text
 */
export function keyringFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  variable = "CACHE_KEYRING",
): Keyring | undefined {
  const text = environment[variable];
  if (text === undefined) return undefined;
  if (PROTECTED.test(text))
    throw new CacheError(
      "ERR_CACHE_PASSPHRASE",
      `${variable} holds a keyring file that a passphrase protects; name the file itself instead, in CACHE_KEYRING_FILE`,
    );
  try {
    return parseKeyring(text);
  } catch (error) {
    throw isCacheError(error) ? new CacheError(error.code, `${variable}: ${error.message}`, { cause: error }) : error;
  }
}
