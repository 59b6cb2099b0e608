import { crypto } from "#platform";
import type { Signer } from "../ports/signer.ts";

/** The algorithm byte of a record that nobody signed. */
export const INTEGRITY_ONLY = 0;

/**
 * For a cache with no signer: the proof is a plain SHA-256, which finds accidents and stops nobody.
 * A configured signer never accepts it, and it accepts nothing that a signer made.
 */
export const integrityOnly: Signer = {
  identity: { algorithm: INTEGRITY_ONLY, keyId: new Uint8Array(16) },
  sign: (message) => crypto.sha256(message),
  verify({ algorithm, keyId }, message, proof) {
    if (algorithm !== INTEGRITY_ONLY) return { verdict: "unknown-key" };
    const holds = crypto.equal(crypto.sha256(message), proof) && keyId.every((byte) => byte === 0);
    return holds ? { verdict: "valid", retired: false } : { verdict: "invalid" };
  },
  standing: () => ({ verdict: "valid", retired: false }),
};
