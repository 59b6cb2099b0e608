/** What is measured. Each is one constant object of whoever measures. */
export interface Metric {
  /** Words of letters, digits and underscores with dots between them: `cache.store.calls`. Begins with a letter. */
  readonly name: string;
  /** One sentence for whoever reads the number. */
  readonly help: string;
  /** `s` for seconds, `By` for bytes. Left out: a plain number. */
  readonly unit?: "s" | "By" | undefined;
  /** Upper bounds of the buckets of a histogram, rising. Left out: the meter's own. */
  readonly bounds?: readonly number[] | undefined;
}

/** Dimensions of a number, by name: letters, digits and underscores. Every value there ever is costs memory, so few of them. */
export type Labels = Readonly<Record<string, string>>;

/** Where numbers go: the port to a monitoring system. */
export interface Meter {
  /** Adds to a counter. @param by - 0 or more */
  count(metric: Metric, by: number, labels: Labels): void;
  /** Adds one observation to a histogram. */
  record(metric: Metric, value: number, labels: Labels): void;
}
