import type { Meter } from "./meter.ts";

/**
 * The meter, whose failures are nobody's: what is measured is done or decided, and must not fail because it was not counted.
 * @param of - who measures, as its user calls it
 * @throws TypeError for what is no meter
 */
export function guarded(of: string, meter: Meter): Meter {
  if (typeof meter?.count !== "function" || typeof meter.record !== "function") {
    throw new TypeError(`${of} needs a meter, with count and record`);
  }
  return {
    count: (...measured) => attempt(() => meter.count(...measured)),
    record: (...measured) => attempt(() => meter.record(...measured)),
  };
}

function attempt(measure: () => void): void {
  try {
    measure();
  } catch {
    // As said above.
  }
}
