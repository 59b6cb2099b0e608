import type { Labels } from "../meter.ts";
import { Series } from "./series.ts";
import { described, header, sample } from "./text.ts";

/** A counter and its series. */
export class Counter {
  readonly #help: string;
  readonly #series: Series<{ total: number }>;

  constructor(help: string, maxSeries: number) {
    this.#help = help;
    this.#series = new Series(maxSeries, () => ({ total: 0 }));
  }

  /** @throws TypeError for what would make it fall, or be no number for ever */
  add(by: number, labels: Labels): void {
    if (!Number.isFinite(by) || by < 0) throw new TypeError("a counter goes up by a number of 0 or more");
    this.#series.of(labels).total += by;
  }

  text(name: string): string {
    const lines = this.#series.sorted().map(([labels, { total }]) => sample(name, labels, total));
    return described(header(name, this.#help, "counter"), lines);
  }
}
