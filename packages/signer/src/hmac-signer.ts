import { CacheError, type ProofHeader, type Signer, type SigningIdentity, type Standing } from "@cache/core";
import { crypto } from "@cache/core/crypto";
import { type Keyring, type KeyringSource, keyringGetter, type MasterKey } from "@cache/core/keyring";

/** The algorithm byte of a record signed with HMAC-SHA-256. */
const HMAC_SHA_256 = 1;

/** A key as a header names it; it is there when it is believed. */
interface Found {
  readonly standing: Standing;
  readonly key?: MasterKey | undefined;
}

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

  function find({ algorithm, keyId }: ProofHeader): Found {
    // The key's type decides the algorithm; the header only has to agree with it.
    const entry = algorithm === HMAC_SHA_256 ? current().find(keyId) : undefined;
    if (entry?.type !== "master") return { standing: { verdict: "unknown-key" } };
    if (entry.key?.type !== "master") return { standing: { verdict: "revoked-key" } };
    return { standing: { verdict: "valid", retired: entry.status === "retired" }, key: entry.key };
  }

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
    verify(header, message, proof) {
      const { standing, key } = find(header);
      if (key === undefined) return standing;
      const expected = crypto.hmac("sha256", key.subkey("hmac-sign"), message);
      return crypto.equal(expected, proof) ? standing : { verdict: "invalid" };
    },
    standing: (header) => find(header).standing,
  };
}
