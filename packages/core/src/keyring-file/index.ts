/**
 * Keyrings in private files, on Node.
 * @packageDocumentation
 */
export { withFileLock } from "./lock.ts";
export { type PrivateChange, updatePrivateFile } from "./private-change.ts";
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
