import type { CacheEvent, Store } from "@cache/core";
import { memoryStore } from "@cache/memory";
import type { Labels, Meter, Metric } from "../src/index.ts";

export const NAME = `entries/${"ab".repeat(32)}` as const;
export const CONTENT = `blobs/${"cd".repeat(32)}` as const;

export const makeStore = (): Store => memoryStore({ maxBytes: "16MiB" });

export const EVENT: CacheEvent = {
  type: "hit",
  level: "info",
  namespace: "builds",
  plane: "entries",
  id: "0123456789abcdef",
  time: 1,
};

/** A meter that writes down what it was told, a line each. */
export class Notebook implements Meter {
  readonly lines: string[] = [];
  count(metric: Metric, by: number, labels: Labels): void {
    this.lines.push(`${metric.name} +${by} ${Object.values(labels).join(" ")}`);
  }
  record(metric: Metric, value: number, labels: Labels): void {
    this.lines.push(`${metric.name} =${value} ${Object.values(labels).join(" ")}`);
  }
  /** The lines about one metric, without its name. */
  about(name: string): string[] {
    return this.lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  }
}
