import { concat, utf8 } from "@cache/core/bytes";
import { type CryptoProvider, hkdfExpand } from "@cache/core/crypto";
import { type Aead, NONCE_LENGTH } from "../aead/provider.ts";
import { unauthentic } from "../errors.ts";
import { MESSAGE_HEAD, SALT_LENGTH } from "./layout.ts";

/** What a message is made and read with. */
export interface Primitives {
  readonly crypto: CryptoProvider;
  readonly aead: Aead;
}

/** What one salt gives: the key, the nonce of the first chunk, and 32 bytes that commit to all that went in. */
export interface MessageKeys {
  readonly key: Uint8Array;
  readonly baseNonce: Uint8Array;
  readonly commitment: Uint8Array;
}

const COMMITMENT_LENGTH = 32;

/**
 * HKDF-Expand-SHA-512 over suite, salt and context: whoever changes one of them has another key and commitment.
 * @throws TypeError for an input key of another length than the suite's
 */
export function deriveKeys(
  { crypto, aead }: Primitives,
  inputKey: Uint8Array,
  salt: Uint8Array,
  context: Uint8Array,
): MessageKeys {
  const { label, keyLength } = aead;
  if (inputKey.byteLength !== keyLength) throw new TypeError(`the input key has ${keyLength} bytes`);
  const info = concat(utf8(`c2sp.org/chunked-encryption@v1+${label}\0`), salt, context);
  const nonceEnd = keyLength + NONCE_LENGTH;
  const out = hkdfExpand(crypto, "sha512", inputKey, info, nonceEnd + COMMITMENT_LENGTH);
  return {
    key: out.subarray(0, keyLength),
    baseNonce: out.subarray(keyLength, nonceEnd),
    commitment: out.subarray(nonceEnd),
  };
}

/**
 * The keys of a message that exists, from its salt and commitment. The commitment is compared before anything is
 * decrypted, so that no ciphertext can be tried under a second key.
 * @param head - the first 56 bytes of the message
 * @throws CacheError `ERR_CACHE_AUTH`
 */
export function recoverKeys(
  primitives: Primitives,
  inputKey: Uint8Array,
  context: Uint8Array,
  head: Uint8Array,
): MessageKeys {
  if (head.byteLength < MESSAGE_HEAD) throw unauthentic();
  const keys = deriveKeys(primitives, inputKey, head.subarray(0, SALT_LENGTH), context);
  if (!primitives.crypto.equal(keys.commitment, head.subarray(SALT_LENGTH, MESSAGE_HEAD))) throw unauthentic();
  return keys;
}
