import { checkOptions } from "@cache/core/adapter";
import { checkBound } from "../bound.ts";
import type { Labels, Meter, Metric } from "../meter.ts";
import { Counter } from "./counter.ts";
import { Histogram } from "./histogram.ts";
import { prometheusName } from "./names.ts";

/** How numbers are kept for Prometheus. */
export interface PrometheusMeterOptions {
  /**
   * Comes before every name, for instance `myapp_`.
   * @defaultValue none
   */
  readonly prefix?: string | undefined;
  /**
   * Upper bounds of buckets, rising, for metrics that bring none.
   * @defaultValue 0.001, 0.01, 0.1, 1, 10, 100, 1000
   */
  readonly bounds?: readonly number[] | undefined;
  /**
   * How many series a metric has at most; what comes later is added to one series with the label `overflow="true"`.
   * @defaultValue 2000
   */
  readonly maxSeries?: number | undefined;
}

/** Numbers kept in memory until somebody asks for them. */
export interface PrometheusMeter extends Meter {
  /** What `text` is, for the header `Content-Type` of an answer. */
  readonly contentType: string;
  /** Everything in the text exposition format, in one order whatever came first: the answer to `GET /metrics`. */
  text(): string;
}

const BOUNDS = [0.001, 0.01, 0.1, 1, 10, 100, 1000];

/**
 * Measures for Prometheus, and for whatever else reads its text format. A metric keeps its kind and the help and bounds of its first use.
 * Its `count` and `record` throw a `TypeError` for names, labels and numbers that Prometheus could not read; `metered` and
 * `meterEvents` give none.
 * @throws TypeError for options that make no sense
 */
export function prometheusMeter(options: PrometheusMeterOptions = {}): PrometheusMeter {
  checkOptions("prometheusMeter", options, ["prefix", "bounds", "maxSeries"]);
  const { prefix = "", bounds = BOUNDS, maxSeries = 2000 } = options;
  if (!/^([A-Za-z_][A-Za-z0-9_]*)?$/.test(prefix)) throw new TypeError("a prefix is letters, digits and underscores");
  checkBound("maxSeries", maxSeries);
  const histogram = (metric: Metric) => new Histogram(metric.help, metric.bounds ?? bounds, maxSeries);
  // Found wrong here, and not at the first number.
  histogram({ name: "options", help: "" });
  const metrics = new Map<string, Counter | Histogram>();
  const found = <K extends Counter | Histogram>(
    name: string,
    kind: abstract new (...given: never) => K,
    make: () => K,
  ) => {
    const metric = metrics.get(name) ?? make();
    if (!(metric instanceof kind)) throw new TypeError("a metric is either a counter or a histogram");
    metrics.set(name, metric);
    return metric;
  };
  return {
    contentType: "text/plain; version=0.0.4; charset=utf-8",
    count: (metric: Metric, by: number, labels: Labels) => {
      const name = prometheusName(prefix, metric, "counter");
      found(name, Counter, () => new Counter(metric.help, maxSeries)).add(by, labels);
    },
    record: (metric: Metric, value: number, labels: Labels) => {
      const name = prometheusName(prefix, metric, "histogram");
      found(name, Histogram, () => histogram(metric)).observe(value, labels);
    },
    text: () =>
      [...metrics]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, metric]) => metric.text(name))
        .join(""),
  };
}
