/**
 * What a hostile or failing medium does to one call:
 * - `flip` one bit, `cut` some bytes off, or let all `vanish`, of what is read;
 * - `swap`: another name's bytes are read; `replay`: bytes that the name had before;
 * - `tear`: the first part is stored and the call fails; `lose`: nothing is done and the call succeeds;
 * - `fail`: nothing is done and the call fails; `fail-late`: all is done and the call fails;
 * - `delay`: other work gets some turns first.
 */
export type Fault = "flip" | "cut" | "vanish" | "swap" | "replay" | "tear" | "lose" | "fail" | "fail-late" | "delay";

/** How likely each fault is at one call that it can befall, from 0 to 1. What is left out does not happen. */
export type FaultPlan = Readonly<Partial<Record<Fault, number>>>;

/** Every fault, each at one call in twenty. */
export const EVERY_FAULT: FaultPlan = {
  flip: 0.05,
  cut: 0.05,
  vanish: 0.05,
  swap: 0.05,
  replay: 0.05,
  tear: 0.05,
  lose: 0.05,
  fail: 0.05,
  "fail-late": 0.05,
  delay: 0.05,
};
