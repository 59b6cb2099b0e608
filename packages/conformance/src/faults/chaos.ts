import type { Store } from "@cache/core";
import { ConformanceError } from "../expect.ts";
import { type CacheInChaos, ChaosRun } from "./chaos-run.ts";
import { Dice } from "./dice.ts";
import { faultyStore } from "./faulty-store.ts";
import { EVERY_FAULT, type Fault, type FaultPlan } from "./plan.ts";

/** How much happens. */
export interface ChaosOptions {
  /** The same seed does the same again. */
  readonly seed: number;
  /** @defaultValue 1000 */
  readonly operations?: number | undefined;
  /** @defaultValue 12 */
  readonly keys?: number | undefined;
  /** @defaultValue every fault, each at one call in twenty */
  readonly faults?: FaultPlan | undefined;
}

/** What happened; wrong answers are no part of it, since they end a run. */
export interface ChaosReport {
  readonly seed: number;
  readonly operations: number;
  readonly injected: Readonly<Record<Fault, number>>;
  /** Operations that gave a value or content, each checked. */
  readonly answers: number;
  /** Operations that found nothing to believe. */
  readonly misses: number;
  /** Operations that failed, by code. */
  readonly failures: Readonly<Record<string, number>>;
}

/**
 * Uses a cache over a medium that fails in every way, one operation after the other, and claims: whatever comes back was
 * set under that very key, or is the content of that very digest; every failure has a code; and as soon as the medium
 * is sound again, so is the cache, with no repair.
 * @param make - a cache over the store it is given, not `strict`
 * @param store - a sound one, for the faults to be laid over
 * @throws ConformanceError that names the seed, for the first claim that does not hold
 */
export async function chaos(
  make: (store: Store) => CacheInChaos,
  store: Store,
  { seed, operations = 1000, keys = 12, faults = EVERY_FAULT }: ChaosOptions,
): Promise<ChaosReport> {
  const medium = faultyStore(store, { seed, faults });
  const run = new ChaosRun(make(medium), new Dice(seed + 0.5), keys);
  try {
    for (let i = 0; i < operations; i++) await run.step();
    medium.calm();
    await run.recover();
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new ConformanceError(`seed ${seed}, operation ${run.operations}: ${what}`, { cause: error });
  }
  const { operations: done, answers, misses, failures } = run;
  return { seed, operations: done, injected: medium.injected, answers, misses, failures };
}
