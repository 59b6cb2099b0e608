import { describe, expect, it } from "vitest";
import { boundaries, failingCalls } from "../experiments/calls.mjs";
import { crowd } from "../experiments/crowd.mjs";
import { kills } from "../experiments/kills.mjs";
import { orderOfSyncs } from "../experiments/order-of-syncs.mjs";
import { powerCuts } from "../experiments/power-cuts.mjs";
import { reseals } from "../experiments/reseals.mjs";
import { syscalls } from "../experiments/syscalls.mjs";
import type { Outcome } from "../report.mjs";

/** The long version is `pnpm test:soak`. */
const SHORT: Readonly<Record<string, () => Promise<Outcome | string>>> = {
  "eight processes on one directory lose nothing, read nothing wrong and fail in nothing": () => crowd({ seconds: 5 }),
  "nor do they with a bound in bytes, but for what is evicted": () => crowd({ seconds: 5, maxBytes: 12_000_000 }),
  "killed writers and collectors leave every finished put readable, and nothing half-written believed": () =>
    kills({ kills: 24 }),
  "so does whoever is killed while it seals everything again": () => reseals({ kills: 8 }),
  "so do processes that are killed before and after a call that changes something": () => boundaries({ every: 7 }),
  "calls that fail, or write a part, end in a code or in success, and lose nothing": () => failingCalls({ every: 7 }),
  "so do system calls that fail, lie or are the last one": () => syscalls({ every: 23 }),
  "a durable put syncs its bytes before they have a name, and every name before it resolves": () => orderOfSyncs(),
  "durable puts survive power cuts": () => powerCuts({ rounds: 4, durable: true }),
};

describe("a store that is treated badly", () => {
  it.each(Object.entries(SHORT))(
    "%s",
    async (_, experiment) => {
      const outcome = await experiment();
      if (typeof outcome === "string") {
        console.log(`left out: ${outcome}`);
        return;
      }
      expect(outcome.why).toEqual([]);
      for (const [what, count] of Object.entries(outcome.bad)) expect(count, what).toBe(0);
      // It did something at all.
      for (const [what, count] of Object.entries(outcome.did)) {
        if (/^(operations|kills|faults|cuts|keys|steps|names)/.test(what)) expect(count, what).toBeGreaterThan(0);
      }
    },
    120_000,
  );
});
