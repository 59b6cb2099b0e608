import type { Metric } from "../meter.ts";

const METRIC = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*$/;
const LABEL = /^[A-Za-z_][A-Za-z0-9_]*$/;
const UNITS = { s: "_seconds", By: "_bytes" } as const;

/** What a metric is called in Prometheus: dots are underscores, and the unit comes last. @throws TypeError for what is no name */
export function prometheusName(prefix: string, { name, unit }: Metric, kind: "counter" | "histogram"): string {
  if (!METRIC.test(name)) throw new TypeError("a metric is named by words with dots between them");
  const suffix = unit === undefined ? "" : UNITS[unit];
  return `${prefix}${name.replaceAll(".", "_")}${suffix}${kind === "counter" ? "_total" : ""}`;
}

/** @throws TypeError for what Prometheus would not read as the name of a label, and for its own */
export function checkLabelName(name: string): void {
  if (!LABEL.test(name) || name.startsWith("__") || name === "le") {
    throw new TypeError(
      "a label is named by letters, digits and underscores, not le, and not with two underscores first",
    );
  }
}
