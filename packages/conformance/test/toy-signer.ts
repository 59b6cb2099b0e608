import { CacheError, type ProofHeader, type Signer, type Standing, type Verdict } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import type { SignerFixture } from "../src/index.ts";

/** A key of the toy, and what may be done with it. */
export interface ToyKey {
  readonly secret: Uint8Array;
  readonly state: "active" | "retired" | "revoked";
}

/** The id of a toy key: 16 bytes. */
export function toyKeyId(secret: Uint8Array): Uint8Array {
  return crypto.sha256(secret).slice(0, 16);
}

/** The `Signer` port over HMAC-SHA-256, as small as it goes: the first key signs if it is active and not read-only. */
export function toySigner(keys: readonly ToyKey[], readOnly = false): Signer {
  const byId = new Map(keys.map((key) => [toHex(toyKeyId(key.secret)), key]));
  const { secret } = keys[0] as ToyKey;
  const standing = ({ algorithm, keyId }: ProofHeader): Standing => {
    const key = algorithm === 1 ? byId.get(toHex(keyId)) : undefined;
    if (key === undefined) return { verdict: "unknown-key" };
    return key.state === "revoked"
      ? { verdict: "revoked-key" }
      : { verdict: "valid", retired: key.state === "retired" };
  };
  return {
    identity: readOnly ? undefined : { algorithm: 1, keyId: toyKeyId(secret) },
    sign(message) {
      if (readOnly) throw new CacheError("ERR_CACHE_READ_ONLY", "this signer only verifies");
      return crypto.hmac("sha256", secret, message);
    },
    verify(header, message, proof): Verdict {
      const key = byId.get(toHex(header.keyId)) as ToyKey;
      const found = standing(header);
      if (found.verdict !== "valid") return found;
      return crypto.equal(crypto.hmac("sha256", key.secret, message), proof) ? found : { verdict: "invalid" };
    },
    standing,
  };
}

export const A: Uint8Array = crypto.sha256(Uint8Array.of(1));
export const B: Uint8Array = crypto.sha256(Uint8Array.of(2));

/** The toy in all the roles of a fixture, each passed through `change`. */
export function toySignerFixture(
  change: (signer: Signer, role: keyof SignerFixture) => Signer = (same) => same,
): SignerFixture {
  const [a, b] = [
    { secret: A, state: "active" },
    { secret: B, state: "active" },
  ] as const;
  return {
    make: () => change(toySigner([a]), "make"),
    other: () => change(toySigner([b]), "other"),
    readOnly: () => change(toySigner([a], true), "readOnly"),
    rotated: () => change(toySigner([b, { ...a, state: "retired" }]), "rotated"),
    revoked: () => change(toySigner([b, { ...a, state: "revoked" }]), "revoked"),
  };
}
