import { CacheError } from "@cache/core";
import { checkOptions } from "@cache/core/adapter";
import { fromHex, utf8 } from "@cache/core/bytes";
import { type HmacRawImportOptions, HmacRawKey } from "./hmac-raw-key.ts";

/** Most keys that are tried on a file: each is a run over all of it. */
export const MAX_KEYS = 16;

/** How the text of `FLECHE_SECRET_KEY`, or of `secret_key` in a `fleche.toml`, is read. */
export interface SecretKeyOptions extends HmacRawImportOptions {
  /**
   * `hex`: as fleche writes keys now. `utf8`: the text itself is the key, for files of versions that took it so.
   * @defaultValue "hex"
   */
  readonly encoding?: "hex" | "utf8" | undefined;
}

const malformed = (why: string): CacheError => new CacheError("ERR_CACHE_KEY_FORMAT", why);

/**
 * Keys separated by colons, the one that signs first. There is no white space and no empty item: an empty key would let
 * anybody sign.
 * @throws CacheError `ERR_CACHE_KEY_FORMAT`, also for two keys that sign alike and for more than 16; `ERR_CACHE_WEAK_KEY`
 * as {@link HmacRawKey.import}. No message repeats the text.
 */
export function parseSecretKeys(text: string, options: SecretKeyOptions = {}): HmacRawKey[] {
  checkOptions("parseSecretKeys", options, ["encoding", "allowWeak"]);
  if (typeof text !== "string") throw new TypeError("the keys are given as text");
  const { encoding = "hex", allowWeak } = options;
  if (encoding !== "hex" && encoding !== "utf8") throw new TypeError('the encoding of keys is "hex" or "utf8"');
  const items = text.split(":");
  if (items.length > MAX_KEYS) throw malformed(`there are more than ${MAX_KEYS} keys`);
  const keys = items.map((item) =>
    HmacRawKey.import(encoding === "hex" ? hexBytes(item) : textBytes(item), { allowWeak }),
  );
  refuseAlike(keys);
  return keys;
}

function hexBytes(item: string): Uint8Array {
  if (item === "") throw malformed("a key of the list is empty: look for a colon at its end, or for two in a row");
  if (/\s/.test(item)) throw malformed("there is white space in the list of keys");
  const bytes = fromHex(item);
  if (bytes === undefined) throw malformed("a key is an even number of hexadecimal digits");
  return bytes;
}

function textBytes(item: string): Uint8Array {
  if (item === "") throw malformed("a key of the list is empty: look for a colon at its end, or for two in a row");
  // A line break is the end of a file that the text came from, and was never part of the key.
  if (/\p{Cc}/u.test(item) || !item.isWellFormed()) throw malformed("a key has control characters, or is no text");
  return utf8(item);
}

/** Two that sign alike would leave open which of them signed a file. @throws CacheError `ERR_CACHE_KEY_FORMAT` */
export function refuseAlike(keys: readonly HmacRawKey[]): void {
  keys.forEach((key, index) => {
    if (keys.slice(0, index).some((other) => other.signsAs(key)))
      throw malformed("two keys of the list are the same, but for zero bytes at the end");
  });
}
