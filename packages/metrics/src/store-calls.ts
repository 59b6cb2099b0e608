import { isCacheError } from "@cache/core";
import type { Kind } from "@cache/core/adapter";
import type { Labels, Meter, Metric } from "./meter.ts";

/** A method of a store. */
export type Operation = "get" | "open" | "put" | "putStream" | "stat" | "delete" | "list";

/** What became of a call. `aborted` was asked for by the caller, so it is no failure. */
type Outcome = "ok" | "absent" | "failed" | "aborted";

const CALLS: Metric = {
  name: "cache.store.calls",
  help: "Calls of a store that ended, by operation, plane and outcome.",
};
const FAILURES: Metric = { name: "cache.store.failures", help: "Failures of a store, by operation, plane and code." };
const IO: Metric = { name: "cache.store.io", help: "Bytes read from a store and written to it.", unit: "By" };
const DURATION: Metric = {
  name: "cache.store.duration",
  help: "How long calls of a store took, by operation, plane and outcome.",
  unit: "s",
  bounds: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
};

/** Measures the calls of one store. */
export class StoreCalls {
  readonly now: () => number;
  readonly #meter: Meter;
  readonly #store: string;

  constructor(meter: Meter, store: string, now: () => number) {
    this.#meter = meter;
    this.#store = store;
    this.now = now;
  }

  /** A call that ended well. @param milliseconds - how long it took */
  ended(operation: Operation, plane: Kind, outcome: "ok" | "absent", milliseconds: number): void {
    this.#call(operation, plane, outcome, milliseconds);
  }

  /** A call that did not. */
  failed(operation: Operation, plane: Kind, failure: Failure, milliseconds: number): void {
    const outcome = isAbort(failure) ? "aborted" : "failed";
    this.#call(operation, plane, outcome, milliseconds);
    this.broke(operation, plane, failure);
  }

  /** What was counted as a call already, and failed while its bytes were delivered. */
  broke(operation: Operation, plane: Kind, failure: Failure): void {
    if (isAbort(failure)) return;
    const code = isCacheError(failure.error) ? failure.error.code : "other";
    this.#meter.count(FAILURES, 1, { ...this.#labels(operation, plane), code });
  }

  moved(direction: "read" | "write", plane: Kind, bytes: number): void {
    if (bytes > 0) this.#meter.count(IO, bytes, { store: this.#store, plane, direction });
  }

  #call(operation: Operation, plane: Kind, outcome: Outcome, milliseconds: number): void {
    const labels = { ...this.#labels(operation, plane), outcome };
    this.#meter.count(CALLS, 1, labels);
    this.#meter.record(DURATION, milliseconds / 1000, labels);
  }

  #labels(operation: Operation, plane: Kind): Labels {
    return { store: this.#store, operation, plane };
  }
}

/** What a call threw, and the signal it was given. */
export interface Failure {
  readonly error: unknown;
  readonly signal: AbortSignal | undefined;
}

function isAbort({ error, signal }: Failure): boolean {
  if (signal?.aborted !== true) return false;
  return error === signal.reason || (error instanceof Error && error.name === "AbortError");
}
