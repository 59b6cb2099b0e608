import { unauthentic } from "../errors.ts";
import { deriveKeys, type MessageKeys, type Primitives, recoverKeys } from "./derive.ts";
import { CHUNK, MESSAGE_HEAD, messageLength, plaintextLength, SALT_LENGTH, SEALED_CHUNK } from "./layout.ts";
import { chunkNonce } from "./nonce.ts";

/** Seals one chunk of a message into `out`, which is 16 bytes longer. */
export function sealChunk(
  { aead }: Primitives,
  keys: MessageKeys,
  index: number,
  chunk: Uint8Array,
  out: Uint8Array,
): void {
  aead.seal(keys.key, chunkNonce(keys.baseNonce, index), chunk, out);
}

/** Opens one chunk of a message. @throws CacheError `ERR_CACHE_AUTH` */
export function openChunk({ aead }: Primitives, keys: MessageKeys, index: number, chunk: Uint8Array): Uint8Array {
  return aead.open(keys.key, chunkNonce(keys.baseNonce, index), chunk);
}

/**
 * Seals a message into `out`, which has {@link messageLength} bytes.
 * @param salt - 24 bytes, fresh for every message
 */
export function sealMessageInto(
  primitives: Primitives,
  inputKey: Uint8Array,
  salt: Uint8Array,
  context: Uint8Array,
  plaintext: Uint8Array,
  out: Uint8Array,
): void {
  const keys = deriveKeys(primitives, inputKey, salt, context);
  out.set(salt);
  out.set(keys.commitment, SALT_LENGTH);
  for (let index = 0, at = 0; at <= plaintext.byteLength; index++, at += CHUNK) {
    const chunk = plaintext.subarray(at, at + CHUNK);
    const start = MESSAGE_HEAD + index * SEALED_CHUNK;
    sealChunk(primitives, keys, index, chunk, out.subarray(start, start + SEALED_CHUNK));
  }
}

/**
 * A message (C2SP chunked encryption, v1) under a fresh salt.
 * @throws TypeError for an input key of another length than the suite's
 */
export function sealMessage(
  primitives: Primitives,
  inputKey: Uint8Array,
  context: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const out = new Uint8Array(messageLength(plaintext.byteLength));
  sealMessageInto(primitives, inputKey, primitives.crypto.random(SALT_LENGTH), context, plaintext, out);
  return out;
}

/**
 * The plaintext of a message, on a buffer of its own; nothing is returned unless all of it was verified.
 * @throws CacheError `ERR_CACHE_AUTH`
 * @throws TypeError for an input key of another length than the suite's
 */
export function openMessage(
  primitives: Primitives,
  inputKey: Uint8Array,
  context: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const size = plaintextLength(message.byteLength);
  if (size === undefined) throw unauthentic();
  const keys = recoverKeys(primitives, inputKey, context, message);
  const chunk = (index: number): Uint8Array => {
    const at = MESSAGE_HEAD + index * SEALED_CHUNK;
    return openChunk(primitives, keys, index, message.subarray(at, at + SEALED_CHUNK));
  };
  if (size < CHUNK) return chunk(0);
  const out = new Uint8Array(size);
  for (let index = 0; index * CHUNK <= size; index++) out.set(chunk(index), index * CHUNK);
  return out;
}
