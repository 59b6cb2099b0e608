/**
 * Packages: files whose every byte is signed, and what is done with them.
 * @packageDocumentation
 */
export type { Contents, EnvironmentRules, Launch, Purpose, WorkDirectory } from "./about/about.ts";
export type { CleanOptions, CleanReport } from "./cache/clean.ts";
export { type Extracted, type ExtractionCache, extractionCache } from "./cache/extraction-cache.ts";
export type { ExtractedPackage } from "./cache/inventory.ts";
export { type CosignOptions, cosignBundle } from "./cosign/cosign-bundle.ts";
export type { Cosigned } from "./cosign/cosigned.ts";
export { type ClaimedCosignature, inspectCosignature } from "./cosign/record.ts";
export { type CreatedBundle, createBundle } from "./create/create-bundle.ts";
export { type DirectoryOptions, directoryMembers } from "./create/directory-members.ts";
export type { Content, NewMember } from "./create/new-member.ts";
export type { CreateOptions } from "./create/options.ts";
export type { Compression } from "./create/store-content.ts";
export { type ExportedEntries, type ExportOptions, exportEntries } from "./entries/export-entries.ts";
export { type ImportedEntries, type ImportOptions, importEntries } from "./entries/import-entries.ts";
export { extractBundle } from "./extract/extract-bundle.ts";
export type { TrustOptions } from "./file/trust.ts";
export type { ExtractOptions, VerifyOptions } from "./options.ts";
export type { Variables } from "./run/environment.ts";
export { type RunOptions, runBundle } from "./run/run-bundle.ts";
export type { BundleDescription, MemberDescription, VerifiedBundle } from "./verify/description.ts";
export { type ClaimedBundle, inspectBundle } from "./verify/inspect-bundle.ts";
export type { Level } from "./verify/levels.ts";
export type { PassOptions, Progress } from "./verify/passes.ts";
export { verifyBundle } from "./verify/verify-bundle.ts";
