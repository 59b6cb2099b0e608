import { CacheError, isCacheError } from "@cache/core";
import { concat, pae, toHex, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import type { KeyringProtection } from "@cache/core/keyring";
import { aead } from "#aead";
import { scrypt } from "#kdf";
import { openMessage, sealMessage } from "../message/message.ts";
import { primitivesOf } from "../options.ts";
import { decodeHead, encodeHead, HEAD_LENGTH, type Head, KDF_SALT_LENGTH } from "./head.ts";

/** A passphrase, or where to ask for it when it is needed. */
export type PassphraseSource = string | (() => string | Promise<string>);

const LABEL = "cache/v1/keyring-wrap";
const SUITE = 2;
/** log2 of scrypt's N as it is written: 128 MiB, and most of a second. */
const COST = 17;
/** Shortest passphrase that protects, in characters. */
const MIN_LENGTH = 12;

const refused = (why: string, cause?: unknown): CacheError => new CacheError("ERR_CACHE_PASSPHRASE", why, { cause });

/**
 * Protects a keyring file by a passphrase: scrypt and a message that commits to its key (format, "Protected keyring").
 * It guards the file at rest, in backups and on lost disks, and nobody from a program that may ask for the passphrase.
 *
 * Opening takes most of a second and 128 MiB, once for each file: the key it gave is kept for the next time.
 * @param passphrase - compared in Unicode's form NFC; at least 12 characters to protect a file
 */
export function passphraseProtection(passphrase: PassphraseSource): KeyringProtection {
  let last: { readonly head: string; readonly text: string; readonly key: Uint8Array } | undefined;
  async function keyOf(head: Head, text: string): Promise<Uint8Array> {
    const known = toHex(encodeHead(head));
    if (last?.head !== known || last.text !== text) last = { head: known, text, key: await derive(head, text) };
    return last.key;
  }
  return {
    async protect(plain) {
      const text = await ask(passphrase);
      if ([...text].length < MIN_LENGTH) throw refused(`a passphrase has at least ${MIN_LENGTH} characters`);
      const head = { logN: COST, salt: crypto.random(KDF_SALT_LENGTH) };
      return concat(encodeHead(head), sealMessage(primitives(), await keyOf(head, text), contextOf(head), plain));
    },
    async unprotect(stored) {
      const head = decodeHead(stored);
      const key = await keyOf(head, await ask(passphrase));
      try {
        return openMessage(primitives(), key, contextOf(head), stored.subarray(HEAD_LENGTH));
      } catch (cause) {
        if (!isCacheError(cause, "ERR_CACHE_AUTH")) throw cause;
        throw refused("the passphrase is not that of the keyring file, or the file is damaged", cause);
      }
    },
  };
}

const primitives = () => primitivesOf({ crypto, aead }, SUITE);

const contextOf = (head: Head): Uint8Array => pae(LABEL, encodeHead(head));

async function ask(source: PassphraseSource): Promise<string> {
  const text: unknown = typeof source === "function" ? await source() : source;
  if (typeof text !== "string") throw new TypeError("a passphrase is text");
  if (text === "") throw refused("the passphrase is empty");
  return text.normalize("NFC");
}

async function derive({ logN, salt }: Head, text: string): Promise<Uint8Array> {
  const bytes = utf8(text);
  try {
    return await scrypt(bytes, concat(utf8(LABEL), salt), logN);
  } finally {
    bytes.fill(0);
  }
}
