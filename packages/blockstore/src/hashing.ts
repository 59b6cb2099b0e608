import { crypto } from "@cache/core/crypto";
import type { MultihashDigest } from "multiformats";

/** A hash function as multiformats has them: `sha512` of `multiformats/hashes/sha2`, or one of another package. */
export interface Hasher {
  /** Its number in the table of multicodecs. */
  readonly code: number;
  /** The multihash of bytes. */
  digest(bytes: Uint8Array): MultihashDigest | Promise<MultihashDigest>;
}

const IDENTITY = 0x00;
const SHA2_256 = 0x12;

/** Says whether bytes are those that a multihash is of. */
export class Hashing {
  readonly #hashers: ReadonlyMap<number, Hasher>;

  constructor(hashers: readonly Hasher[]) {
    this.#hashers = new Map(hashers.map((hasher) => [hasher.code, hasher]));
  }

  /** Whether this can tell of multihashes by a function. */
  knows({ code }: MultihashDigest): boolean {
    return code === SHA2_256 || code === IDENTITY || this.#hashers.has(code);
  }

  async holds({ code, digest }: MultihashDigest, bytes: Uint8Array): Promise<boolean> {
    if (code === SHA2_256) return crypto.equal(digest, crypto.sha256(bytes));
    if (code === IDENTITY) return crypto.equal(digest, bytes);
    const computed = await this.#hashers.get(code)?.digest(bytes);
    return computed !== undefined && crypto.equal(digest, computed.digest);
  }
}
