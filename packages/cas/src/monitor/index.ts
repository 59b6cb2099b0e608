/**
 * Watches the directory of a file store for what others do there.
 * @packageDocumentation
 */
export type * from "./alerts.ts";
export { type Monitor, monitorStore, type ScanReport } from "./monitor-store.ts";
export type { MonitorOptions } from "./options.ts";
