import { CacheError, type Signer, type SigningIdentity } from "@cache/core";
import { crypto } from "@cache/core/crypto";
import { type Keyring, type KeyringSource, keyringGetter } from "@cache/core/keyring";

/** The algorithm byte of a record signed with HMAC-SHA-256. */
const HMAC_SHA_256 = 1;

/** What a function gives may have keys later on, and a keyring whose masters are revoked still tells who was. */
function requireMasters({ entries }: Keyring): void {
  if (entries.some(({ type }) => type === "master")) return;
  throw new TypeError("hmacSigner needs a keyring with a master key; Ed25519 keys are for ed25519Signer");
}

/**
 * HMAC-SHA-256 under the keyring's masters: for one trust domain, since whoever can verify can also sign.
 * Signs with the primary, verifies with every key that reads; without a primary it verifies only.
 * @throws TypeError for a keyring without master keys, which could neither sign nor verify
 */
export function hmacSigner(keyring: KeyringSource): Signer {
  const current = keyringGetter(keyring);
  if (typeof keyring !== "function") requireMasters(keyring);
  return {
    get identity(): SigningIdentity | undefined {
      const { primary } = current();
      return primary && { algorithm: HMAC_SHA_256, keyId: primary.id };
    },
    sign(message) {
      const { primary } = current();
      if (primary === undefined)
        throw new CacheError("ERR_CACHE_READ_ONLY", "the keyring has no primary key to sign with");
      return crypto.hmac("sha256", primary.subkey("hmac-sign"), message);
    },
    verify({ algorithm, keyId }, message, proof) {
      // The key's type decides the algorithm; the header only has to agree with it.
      if (algorithm !== HMAC_SHA_256) return { verdict: "unknown-key" };
      const entry = current().find(keyId);
      if (entry?.type !== "master") return { verdict: "unknown-key" };
      if (entry.key?.type !== "master") return { verdict: "revoked-key" };
      const expected = crypto.hmac("sha256", entry.key.subkey("hmac-sign"), message);
      if (!crypto.equal(expected, proof)) return { verdict: "invalid" };
      return { verdict: "valid", retired: entry.status === "retired" };
    },
  };
}
