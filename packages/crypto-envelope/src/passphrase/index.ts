/**
 * Keyring files that only a passphrase opens, and keys that are made of a seed.
 * @packageDocumentation
 */
export { type PassphraseSource, passphraseProtection } from "./protection.ts";
export { signingKeyFromSeed } from "./seed.ts";
