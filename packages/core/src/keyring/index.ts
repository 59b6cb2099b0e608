/**
 * Keys and keyrings: one key writes, several read, and the id of the writing key stands in every entry.
 * @packageDocumentation
 */
export { SigningKey, VerifyingKey } from "./ed25519-keys.ts";
export type { KeyEntry, KeyStatus } from "./key-entry.ts";
export { formatKey, type Key, type KeyType, parseKey, parseKeyList } from "./key-string.ts";
export { Keyring, type KeyringParts, type KeyringSource, keyringGetter } from "./keyring.ts";
export { decodeKeyring, encodeKeyring } from "./keyring-json.ts";
export { MasterKey, type Purpose } from "./master-key.ts";
export { exportPem, importPem, isPem } from "./pem.ts";
export { isProtected, type KeyringProtection, PROTECTED_MAGIC } from "./protection.ts";
export { addKey, promoteKey, removeKey, retireKey, revokeKey } from "./rotation.ts";
export { keyringFromEnvironment, parseKeyring } from "./sources.ts";
