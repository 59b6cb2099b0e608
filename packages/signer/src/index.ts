/**
 * Signers: who wrote an entry, and nobody else is believed.
 * @packageDocumentation
 */
export { type Ed25519SignerOptions, ed25519Signer } from "./ed25519-signer.ts";
export { hmacSigner } from "./hmac-signer.ts";
export type { Trusted } from "./trust.ts";
