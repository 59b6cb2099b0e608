import { boundaries, failingCalls } from "./experiments/calls.mjs";
import { crowd, peerCrowd } from "./experiments/crowd.mjs";
import { kills } from "./experiments/kills.mjs";
import { orderOfSyncs } from "./experiments/order-of-syncs.mjs";
import { powerCuts } from "./experiments/power-cuts.mjs";
import { reseals } from "./experiments/reseals.mjs";
import { syscalls } from "./experiments/syscalls.mjs";

/**
 * Every experiment, each for its part of the time.
 * @param {number} minutes
 * @returns {Readonly<Record<string, () => Promise<import("./report.mjs").Outcome | string>>>} a string: why it cannot run here
 */
export function experimentsOf(minutes) {
  const seconds = minutes * 60;
  return {
    crowd: () => crowd({ seconds: Math.ceil(seconds * 0.3) }),
    "crowd-bounded": () => crowd({ seconds: Math.ceil(seconds * 0.2), maxBytes: 20_000_000 }),
    boundaries: () => boundaries({ every: Math.max(1, Math.round(6 / minutes)) }),
    "failing-calls": () => failingCalls({ every: Math.max(1, Math.round(6 / minutes)) }),
    syscalls: () => syscalls({ every: Math.max(1, Math.round(20 / minutes)) }),
    "order-of-syncs": () => orderOfSyncs(),
    "power-cuts": () => powerCuts({ rounds: Math.max(3, Math.round(minutes * 10)), durable: true }),
    "power-cuts-undurable": () => powerCuts({ rounds: Math.max(2, Math.round(minutes * 2)), durable: false }),
    cacache: () => peerCrowd({ peer: "cacache", seconds: Math.ceil(seconds * 0.05) }),
    "file-system-cache": () => peerCrowd({ peer: "file-system-cache", seconds: Math.ceil(seconds * 0.05) }),
    reseals: () => reseals({ kills: Math.max(4, Math.round(seconds * 0.15)) }),
    // A pair takes about half a second.
    kills: () => kills({ kills: Math.max(4, 2 * Math.round(seconds * 0.25)) }),
  };
}
