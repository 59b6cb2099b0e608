import type { Labels } from "../meter.ts";
import { checkLabelName } from "./names.ts";
import { labelText } from "./text.ts";

/** Takes what there is no room for; a label of its own, as in OpenTelemetry, so that it hides among no others. */
const OVERFLOW = labelText({ overflow: "true" });

/** The series of one metric, by their labels. At most so many, and one more for the rest. */
export class Series<S> {
  readonly #most: number;
  readonly #make: () => S;
  readonly #byLabels = new Map<string, S>();

  constructor(most: number, make: () => S) {
    this.#most = most;
    this.#make = make;
  }

  /** @throws TypeError for labels that have no name in Prometheus */
  of(labels: Labels): S {
    const text = labelText(labels);
    const known = this.#byLabels.get(text);
    if (known !== undefined) return known;
    Object.keys(labels).forEach(checkLabelName);
    return this.#byLabels.size < this.#most ? this.#add(text) : (this.#byLabels.get(OVERFLOW) ?? this.#add(OVERFLOW));
  }

  /** In order of their labels, whatever came first. */
  sorted(): [labels: string, series: S][] {
    return [...this.#byLabels].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #add(text: string): S {
    const made = this.#make();
    this.#byLabels.set(text, made);
    return made;
  }
}
