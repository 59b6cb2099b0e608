/**
 * Keyrings in private files, on Node.
 * @packageDocumentation
 */
export { type KeyringFileOptions, readKeyringFile } from "./read.ts";
export { createKeyringFile, updateKeyringFile } from "./write.ts";
