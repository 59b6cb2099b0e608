/**
 * Trust from roots: a root key certifies signing keys, for a scope and a time, and revokes them.
 * @packageDocumentation
 */
export { type Certificate, issueCertificate, type NewCertificate, readCertificate } from "./certificate.ts";
export { type ChainSignerOptions, chainSigner } from "./chain-signer.ts";
export { newestRevocations } from "./newest-revocations.ts";
export { issueRevocations, type NewRevocations, type Revocations, readRevocations } from "./revocations.ts";
export type { Scope } from "./scope.ts";
export { checkSeen } from "./seen.ts";
