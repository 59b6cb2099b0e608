/**
 * Keyring files that only a passphrase opens.
 * @packageDocumentation
 */
export { type PassphraseSource, passphraseProtection } from "./protection.ts";
