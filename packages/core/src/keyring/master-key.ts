import { crypto } from "#platform";
import { toHex } from "../bytes/hex.ts";
import { utf8 } from "../bytes/text.ts";
import { hkdfSha256 } from "../crypto/hkdf.ts";
import { showAsText } from "./inspect.ts";
import { freshSecret, ownCopy, refuseWeak } from "./material.ts";

/** What a subkey is for. Encryption, addressing and signing never share one (format, "Keys"). */
export type Purpose = "envelope" | "address" | "hmac-sign" | "audit";

const SALT = utf8("cache/v1/keyring");

const derive = (master: Uint8Array, label: string, length: number): Uint8Array =>
  hkdfSha256(crypto, master, SALT, utf8(`cache/v1/${label}`), length);

/** A 32-byte symmetric key from which the subkeys for sealing, naming and HMAC signing are derived. */
export class MasterKey {
  static {
    showAsText(MasterKey.prototype);
  }

  readonly type = "master";
  /** 16 bytes, derived from the key: the same key has the same id everywhere. */
  readonly id: Uint8Array;
  readonly #secret: Uint8Array;
  readonly #subkeys = new Map<Purpose, Uint8Array>();

  private constructor(secret: Uint8Array) {
    this.#secret = secret;
    this.id = derive(secret, "key-id", 16);
  }

  /** A fresh key from the platform's random source. */
  static generate(): MasterKey {
    return new MasterKey(freshSecret());
  }

  /** @throws CacheError `ERR_CACHE_WEAK_KEY` unless these are 32 bytes that look random */
  static import(bytes: Uint8Array): MasterKey {
    const own = ownCopy(bytes);
    refuseWeak(own);
    return new MasterKey(own);
  }

  /** 32 bytes for one purpose, derived once. A copy each time: a caller who erases it must not weaken the next one's. */
  subkey(purpose: Purpose): Uint8Array {
    const subkey = this.#subkeys.get(purpose) ?? derive(this.#secret, purpose, 32);
    this.#subkeys.set(purpose, subkey);
    return subkey.slice();
  }

  /** A copy of the secret bytes. Search for this name to find every place that handles secrets. */
  reveal(): Uint8Array {
    return this.#secret.slice();
  }

  /** Type and short id; never the secret. */
  toString(): string {
    return `MasterKey(${toHex(this.id.subarray(0, 4))})`;
  }

  /** As text, so that no secret is ever serialized. */
  toJSON(): string {
    return this.toString();
  }
}
