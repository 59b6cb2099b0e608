import type { Labels, Meter, Metric } from "./meter.ts";

/** What an instrument of OpenTelemetry is made with. */
export interface InstrumentOptions {
  description: string;
  unit?: string;
  advice?: { explicitBucketBoundaries?: number[] };
}

/** A counter of OpenTelemetry. */
export interface OpenTelemetryCounter {
  /** Adds to it. */
  add(by: number, labels: Labels): void;
}

/** A histogram of OpenTelemetry. */
export interface OpenTelemetryHistogram {
  /** Adds one observation. */
  record(value: number, labels: Labels): void;
}

/** The part of the `Meter` of `@opentelemetry/api` that is used. The application makes it, and its provider. */
export interface OpenTelemetryInstruments {
  /** A counter of that name. */
  createCounter(name: string, options: InstrumentOptions): OpenTelemetryCounter;
  /** A histogram of that name. */
  createHistogram(name: string, options: InstrumentOptions): OpenTelemetryHistogram;
}

/**
 * Measures with OpenTelemetry: `openTelemetryMeter(metrics.getMeter("my-app"))`. Names, units and labels arrive as they are; what leaves the
 * process, and when, is the provider's. Nothing here is to be closed.
 * @throws TypeError for what is no meter of OpenTelemetry
 */
export function openTelemetryMeter(instruments: OpenTelemetryInstruments): Meter {
  if (typeof instruments?.createCounter !== "function" || typeof instruments.createHistogram !== "function") {
    throw new TypeError("openTelemetryMeter needs a Meter of @opentelemetry/api");
  }
  const counters = onceEach((metric) => instruments.createCounter(metric.name, optionsOf(metric)));
  const histograms = onceEach((metric) => instruments.createHistogram(metric.name, optionsOf(metric)));
  return {
    count: (metric, by, labels) => counters(metric).add(by, labels),
    record: (metric, value, labels) => histograms(metric).record(value, labels),
  };
}

function optionsOf({ help, unit, bounds }: Metric): InstrumentOptions {
  return {
    description: help,
    ...(unit === undefined ? {} : { unit }),
    ...(bounds === undefined ? {} : { advice: { explicitBucketBoundaries: [...bounds] } }),
  };
}

/** One instrument for each name: to make a second one is a warning of OpenTelemetry. */
function onceEach<I>(make: (metric: Metric) => I): (metric: Metric) => I {
  const made = new Map<string, I>();
  return (metric) => {
    const instrument = made.get(metric.name) ?? make(metric);
    made.set(metric.name, instrument);
    return instrument;
  };
}
