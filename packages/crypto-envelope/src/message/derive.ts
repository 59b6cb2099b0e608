import { concat, utf8 } from "@cache/core/bytes";
import { type CryptoProvider, hkdfExpand } from "@cache/core/crypto";
import { type Aead, NONCE_LENGTH } from "../aead/provider.ts";

/** Lengths in bytes (C2SP chunked encryption, v1). */
export const SALT_LENGTH = 24;
const COMMITMENT_LENGTH = 32;
export const MESSAGE_HEAD: number = SALT_LENGTH + COMMITMENT_LENGTH;

/** What a message is made with. */
export interface Primitives {
  readonly crypto: CryptoProvider;
  readonly aead: Aead;
}

/** The key, the first nonce and the commitment of one message. */
export interface MessageKeys {
  readonly key: Uint8Array;
  readonly baseNonce: Uint8Array;
  readonly commitment: Uint8Array;
}

/**
 * HKDF-Expand-SHA-512 over suite, salt and context: whoever changes one of them has another key and commitment.
 * @throws TypeError for an input key of another length than the suite's
 */
export function deriveMessage(
  { crypto, aead }: Primitives,
  inputKey: Uint8Array,
  salt: Uint8Array,
  context: Uint8Array,
): MessageKeys {
  if (inputKey.byteLength !== aead.keyLength) throw new TypeError(`the input key has ${aead.keyLength} bytes`);
  const info = concat(utf8(`c2sp.org/chunked-encryption@v1+${aead.label}\0`), salt, context);
  const nonceAt = aead.keyLength;
  const commitmentAt = nonceAt + NONCE_LENGTH;
  const out = hkdfExpand(crypto, "sha512", inputKey, info, commitmentAt + COMMITMENT_LENGTH);
  return {
    key: out.subarray(0, nonceAt),
    baseNonce: out.subarray(nonceAt, commitmentAt),
    commitment: out.subarray(commitmentAt),
  };
}

/** The nonce of chunk `index`: the base with the index, big-endian, mixed into its last bytes. */
export function chunkNonce(base: Uint8Array, index: number): Uint8Array {
  const nonce = base.slice();
  const view = new DataView(nonce.buffer);
  // Two halves: an index has up to 38 bits, and shifts work on 32.
  view.setUint32(4, (view.getUint32(4) ^ Math.floor(index / 2 ** 32)) >>> 0);
  view.setUint32(8, (view.getUint32(8) ^ (index % 2 ** 32)) >>> 0);
  return nonce;
}
