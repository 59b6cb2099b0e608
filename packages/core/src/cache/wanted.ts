import { checkOptions } from "../adapter/check-options.ts";
import { durationOrNone } from "../units/duration.ts";
import type { Address } from "./addresses.ts";
import type { GetOrSetOptions } from "./cache.ts";
import type { Settings } from "./options.ts";
import { expiryOf } from "./write.ts";

/** A value that is wanted, and how to come to it when it is not there. */
export interface Wanted<V> {
  readonly address: Address;
  readonly compute: (signal: AbortSignal) => V | Promise<V>;
  readonly expiry: ReturnType<typeof expiryOf>;
  /** Milliseconds past its expiry for which a value is answered while another is computed. */
  readonly whileRenewed: number;
  /** Milliseconds past its expiry for which a value is answered when computing fails. */
  readonly ifFailed: number;
}

const OPTIONS = ["ttl", "staleWhileRevalidate", "staleIfError", "signal"] as const;

/** @throws TypeError for what is no computation, and for options out of their bounds */
export function settleWanted<V>(
  settings: Settings<V>,
  address: Address,
  compute: Wanted<V>["compute"],
  options: GetOrSetOptions,
): Wanted<V> {
  checkOptions("getOrSet", options, OPTIONS);
  if (typeof compute !== "function") throw new TypeError("getOrSet needs a function that computes the value");
  return {
    ...{ address, compute, expiry: expiryOf(settings, options.ttl) },
    whileRenewed: durationOrNone(options.staleWhileRevalidate),
    ifFailed: durationOrNone(options.staleIfError),
  };
}
