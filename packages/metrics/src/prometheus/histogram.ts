import type { Labels } from "../meter.ts";
import { Series } from "./series.ts";
import { described, header, numberText, sample } from "./text.ts";

/** What one series has seen: how many fell into each bucket, the last of which has no bound. */
interface Observed {
  readonly buckets: number[];
  sum: number;
}

/** A histogram and its series. */
export class Histogram {
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #series: Series<Observed>;

  /** @throws TypeError for bounds that do not rise */
  constructor(help: string, bounds: readonly number[], maxSeries: number) {
    if (!bounds.every((bound, i) => Number.isFinite(bound) && bound > (bounds[i - 1] ?? Number.NEGATIVE_INFINITY))) {
      throw new TypeError("the bounds of a histogram are numbers that rise");
    }
    this.#help = help;
    this.#bounds = [...bounds];
    this.#series = new Series(maxSeries, () => ({ buckets: new Array<number>(bounds.length + 1).fill(0), sum: 0 }));
  }

  /** @throws TypeError for what would make the sum no number for ever */
  observe(value: number, labels: Labels): void {
    if (!Number.isFinite(value)) throw new TypeError("a histogram takes finite numbers");
    const observed = this.#series.of(labels);
    const found = this.#bounds.findIndex((bound) => value <= bound);
    const at = found === -1 ? this.#bounds.length : found;
    observed.buckets[at] = (observed.buckets[at] ?? 0) + 1;
    observed.sum += value;
  }

  text(name: string): string {
    const lines = this.#series.sorted().map(([labels, observed]) => this.#seriesText(name, labels, observed));
    return described(header(name, this.#help, "histogram"), lines);
  }

  #seriesText(name: string, labels: string, { buckets, sum }: Observed): string {
    let count = 0;
    const lines = [...this.#bounds, Number.POSITIVE_INFINITY].map((bound, i) => {
      count += buckets[i] ?? 0;
      const le = `le="${numberText(bound)}"`;
      return sample(`${name}_bucket`, labels === "" ? le : `${labels},${le}`, count);
    });
    return lines.join("") + sample(`${name}_sum`, labels, sum) + sample(`${name}_count`, labels, count);
  }
}
