import type { CacheEvent, EventListener } from "@cache/core";
import { checkOptions, notify } from "@cache/core/adapter";
import { checkBound } from "./bound.ts";
import { BoundedValues } from "./bounded-values.ts";
import { guarded } from "./guarded.ts";
import type { Meter, Metric } from "./meter.ts";

/** How events are counted. */
export interface MeterEventsOptions {
  /**
   * How many namespaces are told apart; events of those that come later are counted under `(other)`.
   * @defaultValue 100
   */
  readonly maxNamespaces?: number | undefined;
}

const EVENTS: Metric = { name: "cache.events", help: "What caches did or met, by type, plane, namespace and code." };

/**
 * A listener for `onEvent` that counts: `cache.events` by `type`, `level`, `plane`, `namespace` and, where there is one, `code`. Nothing else
 * of an event is a label, so there is no number for each key. It never throws.
 * @throws TypeError for what is no meter, and options that make no sense
 */
export function meterEvents(meter: Meter, options: MeterEventsOptions = {}): EventListener {
  const { count } = guarded("meterEvents", meter);
  checkOptions("meterEvents", options, ["maxNamespaces"]);
  const { maxNamespaces = 100 } = options;
  checkBound("maxNamespaces", maxNamespaces);
  const namespaces = new BoundedValues(maxNamespaces);
  const listen: EventListener = ({ type, level, plane, namespace, code }) => {
    const labels = { type, level, plane, namespace: namespaces.of(namespace) };
    count(EVENTS, 1, code === undefined ? labels : { ...labels, code });
  };
  return (event: CacheEvent) => notify(listen, event);
}
