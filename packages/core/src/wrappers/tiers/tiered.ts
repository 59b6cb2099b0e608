import { requireStore } from "../../cache/slots.ts";
import type { Store } from "../../ports/store.ts";
import { Pair } from "./pair.ts";
import { decidingTier, nearTier, settleTier, type Tier } from "./tier.ts";

/**
 * Stores in front of one another, the nearest first. Reads go outwards until one has the bytes, and what `get` finds is
 * copied to the nearer ones; writes go to the farthest first, which decides, and then to the nearer ones. Bytes that a
 * nearer store cannot take, such as a full memory, stay out of it and the write stands.
 *
 * A tier that fails or is too slow costs a bounded time. A read of a cache is then answered by the other tiers, or is a miss;
 * what the farthest tier could not take is kept for it and given to it later. Only who deletes, streams or takes a name first
 * hears of it, for those cannot be done later. Each tier says in {@link Tier} how patient it is, and whether its failures are
 * the caller's after all.
 *
 * The nearer stores must be this process's own, or may be behind: a change by another process to the farthest one is
 * seen when the nearer copy is gone.
 * @throws TypeError for fewer than two tiers, and for options out of their bounds
 */
export function tiered(...tiers: readonly [Store | Tier, Store | Tier, ...(Store | Tier)[]]): Store & AsyncDisposable {
  if (tiers.length < 2) throw new TypeError("tiered needs at least two stores");
  const settled = tiers.map((tier, place) => settleTier(tier, place, place === tiers.length - 1));
  for (const { store } of settled) requireStore("tiered", store);
  const nearer = settled.slice(0, -1).map((tier) => nearTier(tier));
  const farthest: Store & AsyncDisposable = decidingTier(settled[settled.length - 1] as (typeof settled)[number]);
  return nearer.reduceRight<Store & AsyncDisposable>((far, near) => new Pair(near, far), farthest);
}
