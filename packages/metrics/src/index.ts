/**
 * What a cache and its stores do, as numbers for a monitoring system and as lines for a log.
 * @packageDocumentation
 */
export { type EventLogger, type LoggedEventsOptions, loggedEvents } from "./logged-events.ts";
export type { Labels, Meter, Metric } from "./meter.ts";
export { type MeterEventsOptions, meterEvents } from "./meter-events.ts";
export { type MeteredOptions, metered } from "./metered.ts";
export {
  type InstrumentOptions,
  type OpenTelemetryCounter,
  type OpenTelemetryHistogram,
  type OpenTelemetryInstruments,
  openTelemetryMeter,
} from "./open-telemetry.ts";
export { type PrometheusMeter, type PrometheusMeterOptions, prometheusMeter } from "./prometheus/prometheus-meter.ts";
