/** A running SHA-256. */
export interface Sha256Stream {
  /** Takes the next bytes; they are read before it returns. */
  update(bytes: Uint8Array): void;
  /** 32 bytes; the stream is used up. */
  digest(): Uint8Array;
}

/**
 * The primitives that everything above needs, from `node:crypto` where there is one and from the noble libraries elsewhere.
 * Both give identical bytes. The choice is made by the `node` condition of the package's imports map, never at run time.
 */
export interface CryptoProvider {
  readonly name: "node" | "noble";
  /** From the platform's CSPRNG, on a buffer of its own. */
  random(length: number): Uint8Array;
  /** SHA-256 (FIPS 180-4) of the parts joined. */
  sha256(...parts: readonly Uint8Array[]): Uint8Array;
  /** The same of one part, as 64 lower-case hexadecimal digits. */
  sha256Hex(bytes: Uint8Array): string;
  /** A SHA-256 to be fed piece by piece. */
  sha256Stream(): Sha256Stream;
  /** HMAC (RFC 2104) of the parts joined. */
  hmac(hash: "sha256" | "sha512", key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  /** The Ed25519 public key (RFC 8032 section 5.1.5) of a 32-byte seed. */
  ed25519PublicKey(seed: Uint8Array): Uint8Array;
  /** Constant-time for equal lengths; false, not an error, for different ones. */
  equal(a: Uint8Array, b: Uint8Array): boolean;
}
