import { crypto } from "#platform";
import { fromBase64Url, toBase64Url } from "../bytes/base64.ts";
import { fromHex } from "../bytes/hex.ts";
import { concat } from "../bytes/join.ts";
import { utf8 } from "../bytes/text.ts";
import { CacheError } from "../errors.ts";
import { SigningKey, VerifyingKey } from "./ed25519-keys.ts";
import { MasterKey } from "./master-key.ts";

/** Material plus type; no call takes bare bytes where a key is meant. */
export type Key = MasterKey | SigningKey | VerifyingKey;
/** What a key is; it decides what the key can be used for. */
export type KeyType = Key["type"];

const NATIVE = /^cachek1\.(master|ed25519-secret|ed25519-public)\.([A-Za-z0-9_-]{48})$/;

/** The first four bytes of a digest over type and key: catches typing errors and a key pasted as another type. */
function checkBytes(type: KeyType, key: Uint8Array): Uint8Array {
  return crypto.sha256(utf8(`cache/v1/key-string\0${type}\0`), key).subarray(0, 4);
}

const malformed = (why: string): CacheError => new CacheError("ERR_CACHE_KEY_FORMAT", why);

function importAs(type: KeyType, bytes: Uint8Array): Key {
  if (type === "master") return MasterKey.import(bytes);
  return type === "ed25519-secret" ? SigningKey.import(bytes) : VerifyingKey.import(bytes);
}

/** The native string of a key (format, "Keys"). For a secret key this is the secret. */
export function formatKey(key: Key): string {
  const bytes = key.type === "ed25519-public" ? key.bytes : key.reveal();
  return `cachek1.${key.type}.${toBase64Url(concat(bytes, checkBytes(key.type, bytes)))}`;
}

/**
 * A key from its native string `cachek1.<type>.<48 characters>`.
 * @throws CacheError `ERR_CACHE_KEY_FORMAT`, `ERR_CACHE_WEAK_KEY`; no message repeats the text
 */
export function parseKey(text: string): Key {
  const parts = NATIVE.exec(text);
  if (parts === null) throw malformed("not a key string of the form cachek1.<type>.<48>");
  const [, type, encoded] = parts as unknown as [whole: string, type: KeyType, encoded: string];
  const bytes = fromBase64Url(encoded);
  if (bytes === undefined) throw malformed("the key string is not canonical base64url");
  const key = bytes.slice(0, 32);
  if (!crypto.equal(checkBytes(type, key), bytes.subarray(32))) {
    throw malformed("the key string's check does not hold: a typing error, or another type of key");
  }
  return importAs(type, key);
}

/** 32 bytes of standard or url-safe base64, padded or not; alphabets are not mixed. */
function fromAnyBase64(text: string): Uint8Array | undefined {
  const bare = text.length === 44 && text.endsWith("=") ? text.slice(0, -1) : text;
  if (bare.length !== 43 || (/[+/]/.test(bare) && /[-_]/.test(bare))) return undefined;
  return fromBase64Url(bare.replaceAll("+", "-").replaceAll("/", "_"));
}

/** One item of a key list: a native string, or a master as 64 hexadecimal digits or base64. */
function parseItem(item: string): Key {
  if (item.includes(".")) return parseKey(item);
  const bytes = item.length === 64 ? fromHex(item) : fromAnyBase64(item);
  if (bytes === undefined) throw malformed("a key is a cachek1 string, 64 hexadecimal digits or base64 of 32 bytes");
  return MasterKey.import(bytes);
}

/**
 * Keys separated by ASCII white space or single commas, the primary first (format, "Keys").
 * @throws CacheError `ERR_CACHE_KEY_FORMAT` for an empty item, too
 */
export function parseKeyList(text: string): Key[] {
  // Commas first: what is between two of them must not be empty. Splitting takes time in proportion to the text.
  return text.split(",").flatMap((part) => {
    const items = part.split(/[ \t\r\n\f]+/).filter((item) => item !== "");
    if (items.length === 0) throw malformed("the key list is empty or has an empty item");
    return items.map(parseItem);
  });
}
