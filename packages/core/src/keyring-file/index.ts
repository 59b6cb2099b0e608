/**
 * Keyrings in private files, on Node.
 * @packageDocumentation
 */
export { type KeyringFileOptions, readKeyringFile } from "./read.ts";
export { type KeyringSources, keyringFromSources } from "./sources.ts";
export { createKeyringFile, type KeyringReplaceOptions, updateKeyringFile, writeKeyringFile } from "./write.ts";
