/**
 * Signed records: the bytes of an entry, what they state and how they are verified (format, "Record").
 * @packageDocumentation
 */
export { integrityOnly } from "./integrity.ts";
export { type Expected, encodeRecord, readClaim, recordLength, type VerifiedRecord, verifyRecord } from "./record.ts";
export { decodeStatement, encodeStatement, RecordKind, type Statement } from "./statement.ts";
export { CLOCK_SKEW } from "./time.ts";
