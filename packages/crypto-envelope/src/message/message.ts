import { unauthentic } from "../errors.ts";
import { messageLength, openChunks, sealChunks } from "./chunks.ts";
import { deriveMessage, MESSAGE_HEAD, type MessageKeys, type Primitives, SALT_LENGTH } from "./derive.ts";

/** Seals a whole message (C2SP chunked encryption, v1) into `out`, which has {@link messageLength} bytes. */
export function sealMessageInto(
  primitives: Primitives,
  inputKey: Uint8Array,
  context: Uint8Array,
  plaintext: Uint8Array,
  out: Uint8Array,
): void {
  const salt = primitives.crypto.random(SALT_LENGTH);
  const keys = deriveMessage(primitives, inputKey, salt, context);
  out.set(salt);
  out.set(keys.commitment, SALT_LENGTH);
  sealChunks(primitives, keys, 0, plaintext, out.subarray(MESSAGE_HEAD), true);
}

/** Seals a whole message. */
export function sealMessage(
  primitives: Primitives,
  inputKey: Uint8Array,
  context: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  const out = new Uint8Array(messageLength(plaintext.byteLength));
  sealMessageInto(primitives, inputKey, context, plaintext, out);
  return out;
}

/**
 * The keys of a message from its first 56 bytes. The commitment is compared before anything is decrypted.
 * @throws CacheError `ERR_CACHE_AUTH`
 */
export function openHead(
  primitives: Primitives,
  inputKey: Uint8Array,
  context: Uint8Array,
  head: Uint8Array,
): MessageKeys {
  if (head.byteLength < MESSAGE_HEAD) throw unauthentic();
  const keys = deriveMessage(primitives, inputKey, head.subarray(0, SALT_LENGTH), context);
  if (!primitives.crypto.equal(keys.commitment, head.subarray(SALT_LENGTH, MESSAGE_HEAD))) throw unauthentic();
  return keys;
}

/** Opens a whole message. @throws CacheError `ERR_CACHE_AUTH` */
export function openMessage(
  primitives: Primitives,
  inputKey: Uint8Array,
  context: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  const keys = openHead(primitives, inputKey, context, message);
  const plaintext = openChunks(primitives, keys, 0, message.subarray(MESSAGE_HEAD), true);
  if (plaintext === undefined) throw unauthentic();
  return plaintext;
}
