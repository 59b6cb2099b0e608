import { crypto } from "#platform";
import { toHex } from "../bytes/hex.ts";
import { utf8 } from "../bytes/text.ts";
import { CacheError } from "../errors.ts";
import { showAsText } from "./inspect.ts";
import { freshSecret, KEY_LENGTH, ownCopy, refuseWeak } from "./material.ts";

const ID_LABEL = utf8("cache/v1/ed25519-key-id\0");

/** An Ed25519 public key: who may be believed. Whether it is a sound point is checked by the signer that loads it. */
export class VerifyingKey {
  static {
    showAsText(VerifyingKey.prototype);
  }

  readonly type = "ed25519-public";
  /** 16 bytes, derived from the key. */
  readonly id: Uint8Array;
  /** 32 bytes (RFC 8032 section 5.1.5). */
  readonly bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.id = crypto.sha256(ID_LABEL, bytes).slice(0, 16);
  }

  /** @throws CacheError `ERR_CACHE_KEY_FORMAT` unless these are 32 bytes */
  static import(bytes: Uint8Array): VerifyingKey {
    const own = ownCopy(bytes);
    if (own.byteLength !== KEY_LENGTH) {
      throw new CacheError("ERR_CACHE_KEY_FORMAT", "an Ed25519 public key is exactly 32 bytes");
    }
    return new VerifyingKey(own);
  }

  /** Type and short id. */
  toString(): string {
    return `VerifyingKey(${toHex(this.id.subarray(0, 4))})`;
  }

  /** As text, so that no secret is ever serialized. */
  toJSON(): string {
    return this.toString();
  }
}

/** An Ed25519 secret key: who may sign. Generated on its own, never derived from a master. */
export class SigningKey {
  static {
    showAsText(SigningKey.prototype);
  }

  readonly type = "ed25519-secret";
  readonly publicKey: VerifyingKey;
  readonly #seed: Uint8Array;

  private constructor(seed: Uint8Array) {
    this.#seed = seed;
    this.publicKey = VerifyingKey.import(crypto.ed25519PublicKey(seed));
  }

  /** A fresh key from the platform's random source. */
  static generate(): SigningKey {
    return new SigningKey(freshSecret());
  }

  /** @throws CacheError `ERR_CACHE_WEAK_KEY` unless these are 32 bytes that look random */
  static import(seed: Uint8Array): SigningKey {
    const own = ownCopy(seed);
    refuseWeak(own);
    return new SigningKey(own);
  }

  /** The id of the public key, 16 bytes. */
  get id(): Uint8Array {
    return this.publicKey.id;
  }

  /** A copy of the seed. Search for this name to find every place that handles secrets. */
  reveal(): Uint8Array {
    return this.#seed.slice();
  }

  /** Type and short id; never the seed. */
  toString(): string {
    return `SigningKey(${toHex(this.id.subarray(0, 4))})`;
  }

  /** As text, so that no secret is ever serialized. */
  toJSON(): string {
    return this.toString();
  }
}
