/**
 * What a cache met, kept in a file that shows when it was edited: lines of JSON, chained by hashes.
 * @packageDocumentation
 */
export { type AuditLog, type AuditLogOptions, auditLog } from "./audit-log.ts";
export type { AuditKey } from "./chain.ts";
export type { AuditProblem, AuditReport } from "./report.ts";
export { type AuditVerifyOptions, verifyAuditLog } from "./verify.ts";
