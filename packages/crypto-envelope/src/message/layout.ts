import { TAG_LENGTH } from "../aead/provider.ts";

/** Lengths in bytes (C2SP chunked encryption, v1; format, "Chunked message"). */
export const SALT_LENGTH = 24;
/** Salt and commitment. */
export const MESSAGE_HEAD = 56;
/** Plaintext of a full chunk. The last chunk of a message is always shorter, and may be empty. */
export const CHUNK = 16_384;
/** A full chunk and its tag. */
export const SEALED_CHUNK: number = CHUNK + TAG_LENGTH;

/** Length in bytes of the message over `size` bytes of plaintext. */
export function messageLength(size: number): number {
  return MESSAGE_HEAD + size + TAG_LENGTH * (Math.floor(size / CHUNK) + 1);
}

/** Length in bytes of the plaintext in a message; `undefined` for a length that no message has. */
export function plaintextLength(message: number): number | undefined {
  const chunks = Math.floor((message - MESSAGE_HEAD) / SEALED_CHUNK);
  const size = message - MESSAGE_HEAD - TAG_LENGTH * (chunks + 1);
  // A full chunk at the end means that the short one was cut off; less than a tag is no chunk.
  return size >= 0 && messageLength(size) === message ? size : undefined;
}
