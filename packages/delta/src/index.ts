/**
 * Versions of large files in a cache, kept as a reference and binary deltas.
 * @packageDocumentation
 */
export type { DeltaProblem, DeltaReport, DeltaStats } from "./care.ts";
export { copyInsertEngine } from "./copy-insert/copy-insert-engine.ts";
export { type DeltaLookup, type DeltaStore, type DeltaVersion, deltaStore } from "./delta-store.ts";
export type { DecodeOptions, DeltaEngine } from "./engine.ts";
export type { DeltaEvent, DeltaListener } from "./events.ts";
export type { DeltaStoreOptions } from "./options.ts";
export type { StoredDelta } from "./record.ts";
export type { Content, Measure } from "./source.ts";
export { type Xdelta3Options, xdelta3Engine } from "./xdelta3/xdelta3-engine.ts";
