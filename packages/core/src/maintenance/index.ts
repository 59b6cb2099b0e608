/**
 * Care of a store: what is in it, whether it holds, what may go.
 * @packageDocumentation
 */
export { type CollectOptions, collectGarbage } from "./collect.ts";
export type { CollectReport } from "./collection.ts";
export { type EntryReport, listEntries } from "./list.ts";
export type { MaintenanceOptions, Progress } from "./options.ts";
export type { ResealOptions, ResealReport } from "./reseal/report.ts";
export { resealStore } from "./reseal/reseal.ts";
export type { EntrySelection } from "./selection.ts";
export { type KindStats, type StoreStats, storeStats } from "./stats.ts";
export type { Problem, VerifyReport } from "./tally.ts";
export { type TransferOptions, type TransferReport, type TransferSide, transferEntries } from "./transfer.ts";
export { verifyStore } from "./verify.ts";
