import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

interface Exported {
  readonly name: string;
  readonly unit: string;
  readonly dataPoints: readonly { readonly attributes: Record<string, string>; readonly value: unknown }[];
}

// A process of its own: the runner resolves by conditions under which OpenTelemetry's modules cannot be loaded by Node.
const program = fileURLToPath(new URL("open-telemetry-program.mjs", import.meta.url));

it("OpenTelemetry's own provider gets every number once, with its unit, labels and bounds", () => {
  const exported: readonly Exported[] = JSON.parse(execFileSync(process.execPath, [program], { encoding: "utf8" }));
  const units = exported.map(({ name, unit }) => [name, unit]).sort();
  expect(units).toEqual([
    ["cache.events", ""],
    ["cache.store.calls", ""],
    ["cache.store.duration", "s"],
    ["cache.store.io", "By"],
  ]);
  const point = (name: string, labels: Record<string, string>) => {
    const points = exported.find((each) => each.name === name)?.dataPoints ?? [];
    return points.find(({ attributes }) => Object.entries(labels).every(([label, is]) => attributes[label] === is));
  };
  expect(point("cache.events", { type: "hit", namespace: "builds" })?.value).toBe(2);
  const buckets = { boundaries: expect.arrayContaining([0.0005, 10]) };
  expect(point("cache.store.duration", { operation: "get" })?.value).toMatchObject({ count: 2, buckets });
});
