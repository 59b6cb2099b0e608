import { SIGNATURE_LENGTH } from "./provider.ts";

/**
 * Whether a signature is worth verifying: of the right length, and with another R than the neutral point of the curve. No
 * signer makes that one, and on it libraries disagree: OpenSSL accepts it up to Node 22 and not from 24 on.
 */
export function isWellFormed(signature: Uint8Array): boolean {
  if (signature.byteLength !== SIGNATURE_LENGTH) return false;
  return signature[0] !== 1 || signature.subarray(1, SIGNATURE_LENGTH / 2).some((byte) => byte !== 0);
}
