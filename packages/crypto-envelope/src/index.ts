/**
 * Sealing: only key holders read or make what a cache stores.
 * @packageDocumentation
 */
export { Keyring, keyringFromEnvironment, MasterKey, parseKeyring } from "@cache/core/keyring";
export type { Suite } from "./aead/provider.ts";
export type { SealerOptions } from "./options.ts";
export { sealer } from "./sealer.ts";
