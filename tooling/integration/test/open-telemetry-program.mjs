// Measures a cache with OpenTelemetry's own provider, and prints what that would export.
import { createCache } from "@cache/core";
import { memoryStore } from "@cache/memory";
import { meterEvents, metered, openTelemetryMeter } from "@cache/metrics";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";

const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
const meter = openTelemetryMeter(provider.getMeter("test"));

const store = metered(memoryStore({ maxBytes: "1MB" }), meter);
const cache = createCache({ store, namespace: "builds", onEvent: meterEvents(meter) });
await cache.set("a", 1);
await cache.get("a");
await cache.get("a");

await provider.forceFlush();
const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
await provider.shutdown();
console.log(JSON.stringify(metrics.map(({ descriptor, dataPoints }) => ({ ...descriptor, dataPoints }))));
