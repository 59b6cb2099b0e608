import { CacheError } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import {
  type Keyring,
  type KeyringSource,
  keyringGetter,
  type SigningKey,
  type VerifyingKey,
} from "@cache/core/keyring";
import { checkPublicKey } from "./ed25519/check-public-key.ts";

/** Who is believed: public keys, or a keyring whose Ed25519 keys count, with their states. */
export type Trusted = readonly VerifyingKey[] | KeyringSource;

/** A key as a verifier meets it. `key` is absent when it is revoked. */
export interface TrustedKey {
  readonly key: VerifyingKey | undefined;
  readonly retired: boolean;
}

/** Most keys that a verifier believes. */
const MAX_TRUSTED = 16;

const publicOf = (key: SigningKey | VerifyingKey): VerifyingKey =>
  key.type === "ed25519-secret" ? key.publicKey : key;

/** Looks keys up by id among those a verifier believes; each is checked once, when it is first met. */
export class TrustStore {
  readonly #listed: readonly VerifyingKey[];
  /** Instead of listed keys. */
  readonly #keyring: (() => Keyring) | undefined;
  readonly #own: VerifyingKey | undefined;
  readonly #checked = new Set<string>();

  /** @throws CacheError `ERR_CACHE_KEY_FORMAT`, `ERR_CACHE_LIMIT` for keys that must not be believed */
  constructor(trusted: Trusted, own: VerifyingKey | undefined) {
    this.#listed = Array.isArray(trusted) ? [...trusted] : [];
    this.#keyring = Array.isArray(trusted) ? undefined : keyringGetter(trusted as KeyringSource);
    this.#own = own;
    for (const key of this.#listed) {
      if (key?.type !== "ed25519-public")
        throw new TypeError("trusted lists public keys, such as a SigningKey's publicKey");
    }
    for (const key of this.#all()) this.#check(key);
  }

  find(keyId: Uint8Array): TrustedKey | undefined {
    const id = toHex(keyId);
    const found = this.#keyring === undefined ? this.#inList(id) : inKeyring(this.#keyring(), keyId);
    // Only now the own key: the keyring may have retired or revoked it.
    if (found === undefined)
      return this.#own !== undefined && toHex(this.#own.id) === id ? believed(this.#own) : undefined;
    if (found.key !== undefined) this.#check(found.key);
    return found;
  }

  #inList(id: string): TrustedKey | undefined {
    const key = this.#listed.find((each) => toHex(each.id) === id);
    return key && believed(key);
  }

  #all(): VerifyingKey[] {
    const keys = this.#keyring === undefined ? this.#listed : keysOf(this.#keyring());
    if (keys.length > MAX_TRUSTED) throw new CacheError("ERR_CACHE_LIMIT", `at most ${MAX_TRUSTED} keys are trusted`);
    return this.#own === undefined ? [...keys] : [this.#own, ...keys];
  }

  #check(key: VerifyingKey): void {
    const id = toHex(key.id);
    if (this.#checked.has(id)) return;
    checkPublicKey(key.bytes);
    this.#checked.add(id);
  }
}

const believed = (key: VerifyingKey): TrustedKey => ({ key, retired: false });

function inKeyring(keyring: Keyring, keyId: Uint8Array): TrustedKey | undefined {
  const entry = keyring.find(keyId);
  if (entry === undefined || entry.type === "master") return undefined;
  const { key } = entry;
  return {
    key: key === undefined || key.type === "master" ? undefined : publicOf(key),
    retired: entry.status === "retired",
  };
}

function keysOf(keyring: Keyring): VerifyingKey[] {
  return keyring.entries.flatMap(({ key }) => (key === undefined || key.type === "master" ? [] : [publicOf(key)]));
}
