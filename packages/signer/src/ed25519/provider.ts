/** Ed25519 (RFC 8032), with one verdict on every platform (format, "Verification"). */
export interface Ed25519Provider {
  readonly name: "node" | "noble";
  /** A function that signs with a 32-byte seed; the key is made ready once. */
  signer(seed: Uint8Array): (message: Uint8Array) => Uint8Array;
  /** A function that verifies with a 32-byte public key, which {@link checkPublicKey} has let pass. */
  verifier(publicKey: Uint8Array): (message: Uint8Array, signature: Uint8Array) => boolean;
}

/** Length of a signature in bytes. */
export const SIGNATURE_LENGTH = 64;
