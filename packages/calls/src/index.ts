/**
 * Accounts of the calls of functions whose results a cache keeps.
 * @packageDocumentation
 */
export { type CallRecords, callRecords } from "./call-records.ts";
export { Calls } from "./calls.ts";
export type { Environment } from "./environment/environment.ts";
export type { CallRecordsOptions } from "./options.ts";
export type { CallQuery, Time } from "./query.ts";
export type { CallRecord, Tags } from "./record.ts";
export type { RemoveOptions, RemoveReport } from "./remove.ts";
