/** A suite of the envelope format: 1 AES-256-GCM, 2 ChaCha20-Poly1305. There is no third, and no "none". */
export type Suite = 1 | 2;

/** Lengths in bytes, the same for every AEAD here. */
export const NONCE_LENGTH = 12;
export const TAG_LENGTH = 16;

/**
 * One authenticated cipher (RFC 5116) with a nonce of 12 and a tag of 16 bytes, never shorter. It takes no associated
 * data: what a message is bound to goes into its key derivation, where it is also committed to.
 */
export interface Aead {
  /** Its name in the IANA registry of AEAD algorithms; part of every key derivation. */
  readonly label: string;
  /** In bytes. */
  readonly keyLength: number;
  /**
   * Ciphertext, then tag. A key and a nonce together are good for one plaintext only.
   * @param out - where they go: 16 bytes more than the plaintext has, so that a message is written once
   * @throws TypeError for a key, nonce or `out` of another length
   */
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, out: Uint8Array): void;
  /**
   * The plaintext, on a buffer of its own. None of it leaves before its tag was verified.
   * @throws TypeError for a key or nonce of another length
   * @throws CacheError `ERR_CACHE_AUTH` when the tag does not hold or is cut short
   */
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array;
}

/** The suites of one platform. All platforms give identical bytes. */
export interface AeadProvider {
  readonly name: "node" | "noble";
  /** False where AES is plain JavaScript: slow, and its timing tells of the key; suite 2 is written there instead. */
  readonly nativeAes: boolean;
  /** @throws CacheError `ERR_CACHE_CONFIG` when the platform gives a wrong answer to a known question */
  suite(suite: Suite): Aead;
}
