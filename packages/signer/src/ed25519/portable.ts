import { ed25519 as curve } from "@noble/curves/ed25519.js";
import { isWellFormed } from "./check-signature.ts";
import type { Ed25519Provider } from "./provider.ts";

/**
 * Strict verification, and R must be torsion-free: so the verdict is that of a cofactorless check on every input that
 * the key check lets pass, which is what OpenSSL computes.
 */
function verifies(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    if (!curve.Point.fromBytes(signature.subarray(0, 32), false).isTorsionFree()) return false;
    return curve.verify(signature, message, publicKey, { zip215: false });
  } catch {
    // A signature whose parts are no points or scalars is one that does not verify.
    return false;
  }
}

/** Ed25519 by @noble/curves. */
export const ed25519: Ed25519Provider = {
  name: "noble",
  signer(seed) {
    const own = seed.slice();
    return (message) => curve.sign(message, own);
  },
  verifier(publicKey) {
    const own = publicKey.slice();
    return (message, signature) => isWellFormed(signature) && verifies(message, signature, own);
  },
};
