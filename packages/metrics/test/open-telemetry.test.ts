import { expect, it } from "vitest";
import { openTelemetryMeter } from "../src/index.ts";

const METRIC = { name: "x", help: "An x.", unit: "s", bounds: [1, 2] } as const;

/** The real one is in the integration tests. */
function instruments() {
  const made: unknown[] = [];
  const make = (name: string, options: object) => {
    made.push([name, options]);
    return { add: () => {}, record: () => {} };
  };
  return { made, createCounter: make, createHistogram: make };
}

it("openTelemetryMeter makes an instrument when it is first used, and once", () => {
  const { made, ...meter } = instruments();
  const measured = openTelemetryMeter(meter);
  expect(made).toEqual([]);
  for (let i = 0; i < 2; i++) measured.record(METRIC, 1, {});
  const advice = { explicitBucketBoundaries: [1, 2] };
  expect(made).toEqual([["x", { description: "An x.", unit: "s", advice }]]);
});

it("openTelemetryMeter refuses what is no meter of OpenTelemetry", () => {
  expect(() => openTelemetryMeter({} as never)).toThrow(TypeError);
});
