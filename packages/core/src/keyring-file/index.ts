/**
 * Keyrings in private files, on Node.
 * @packageDocumentation
 */
export { type PrivateFileOptions, readPrivateFile } from "./private-file.ts";
export { type KeyringFileOptions, readKeyringFile } from "./read.ts";
export { type KeyringSources, keyringFromSources } from "./sources.ts";
export {
  createKeyringFile,
  type KeyringReplaceOptions,
  protectKeyringFile,
  updateKeyringFile,
  writeKeyringFile,
} from "./write.ts";
