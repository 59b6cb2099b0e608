import { concat } from "@cache/core/bytes";

/**
 * Length of what stands in front of the bytes of every object. An ETag is a hash of the content, so that the same bytes
 * put twice would have the same one, and `DELETE` with `If-Match` would undo the second put.
 */
export const NONCE_LENGTH = 16;

/** Bytes that no other put has. */
export function newNonce(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(NONCE_LENGTH));
}

/** The content of an object, the nonce still missing. A copy: a client may send after the caller has its buffer back. */
export function contentOf(...pieces: readonly Uint8Array[]): Uint8Array {
  return concat(new Uint8Array(NONCE_LENGTH), ...pieces);
}

/** Length of the value in an object of this size. One that is too short was not put by this store, and holds nothing. */
export function valueSize(size: number): number {
  return Math.max(0, size - NONCE_LENGTH);
}
