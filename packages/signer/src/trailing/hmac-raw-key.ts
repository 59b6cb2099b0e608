import { CacheError } from "@cache/core";
import { checkOptions } from "@cache/core/adapter";
import { crypto } from "@cache/core/crypto";

/** Lengths in bytes: the least that verifies, the least that signs, the most there may be. */
const VERIFIES = 16;
const SIGNS = 32;
const MOST = 1024;

/** HMAC-SHA-256 replaces a longer key by its SHA-256 (RFC 2104). */
const BLOCK = 64;

/** How a key of fleche is imported. */
export interface HmacRawImportOptions {
  /**
   * Takes a key of fewer than 16 bytes as well, to verify old files with. It never signs.
   * @defaultValue false
   */
  readonly allowWeak?: boolean | undefined;
}

/**
 * A key of fleche, as it is: 16 to 1024 bytes, for the trailing format alone. It has no native string and belongs to no
 * keyring.
 */
export class HmacRawKey {
  readonly type = "hmac-raw";
  /** `full`: 32 bytes or more, signs. `short`: from 16 on, verifies. `weak`: fewer, verifies because it was allowed to. */
  readonly strength: "full" | "short" | "weak";
  readonly #secret: Uint8Array;

  private constructor(secret: Uint8Array) {
    this.#secret = secret;
    this.strength = secret.byteLength >= SIGNS ? "full" : secret.byteLength >= VERIFIES ? "short" : "weak";
  }

  /**
   * @throws CacheError `ERR_CACHE_WEAK_KEY` for a key that is empty, nothing but zero bytes, or shorter than 16 bytes;
   * `ERR_CACHE_KEY_FORMAT` above 1024
   */
  static import(bytes: Uint8Array, options: HmacRawImportOptions = {}): HmacRawKey {
    checkOptions("HmacRawKey.import", options, ["allowWeak"]);
    if (!(bytes instanceof Uint8Array)) throw new TypeError("key material is a Uint8Array");
    // HMAC fills a short key up with zeros, so zeros alone are the empty key, with which anybody can sign.
    if (bytes.every((byte) => byte === 0)) throw new CacheError("ERR_CACHE_WEAK_KEY", "the key is empty, or all zeros");
    if (bytes.byteLength > MOST) throw new CacheError("ERR_CACHE_KEY_FORMAT", "a key has at most 1024 bytes");
    if (bytes.byteLength < VERIFIES && options.allowWeak !== true)
      throw new CacheError("ERR_CACHE_WEAK_KEY", "the key has fewer than 16 bytes");
    return new HmacRawKey(new Uint8Array(bytes));
  }

  /** A copy of the secret bytes. Search for this name to find every place that handles secrets. */
  reveal(): Uint8Array {
    return this.#secret.slice();
  }

  /** Whether two keys sign alike: HMAC shortens what is long by a hash and fills what is short with zeros. */
  signsAs(other: HmacRawKey): boolean {
    return crypto.equal(filled(this.#secret), filled(other.reveal()));
  }

  /** Type and strength; never the secret, and nothing that is derived from it. */
  toString(): string {
    return `HmacRawKey(${this.strength})`;
  }

  /** As text, so that no secret is ever serialized. */
  toJSON(): string {
    return this.toString();
  }
}

/** A key as HMAC uses it: one block. */
function filled(secret: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK);
  block.set(secret.byteLength > BLOCK ? crypto.sha256(secret) : secret);
  return block;
}
