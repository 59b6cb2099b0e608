import { checkOptions } from "../../adapter/check-options.ts";
import { checkType } from "../../cache/slots.ts";
import type { Store } from "../../ports/store.ts";
import { type Duration, durationOrNone, parseDuration } from "../../units/duration.ts";
import { parseSize, type Size } from "../../units/size.ts";
import { rememberingAbsence } from "./absences.ts";
import { type TierListener, tierListener } from "./failures.ts";
import { Landings } from "./landings.ts";
import { type Patient, patient } from "./patience.ts";
import { timeLimited } from "./time-limit.ts";
import { WrittenBehind } from "./written-behind.ts";

/** A store among others, and how much it may cost. */
export interface Tier {
  readonly store: Store;
  /**
   * How long an answer of the store is waited for: a call, and of a stream each piece. What is later is a failure.
   * @defaultValue "10s"; for the nearest tier no limit
   */
  readonly timeout?: Duration | undefined;
  /**
   * How long the tier is left alone after a failure, so that not every call waits for it.
   * @defaultValue "1s"
   */
  readonly pause?: Duration | undefined;
  /**
   * Failures of the tier are the caller's: reads throw, and a put that did not reach it fails.
   * @defaultValue false
   */
  readonly required?: boolean | undefined;
  /**
   * How long a name that the tier does not have is not asked for again. What another process puts meanwhile is seen later by that.
   * @defaultValue 0, always asked
   */
  readonly absentFor?: Duration | undefined;
  /**
   * For the farthest tier: a put of bytes waits for it, `"through"`, or is done when the nearer ones have it, `"back"`.
   * @defaultValue "through"
   */
  readonly write?: "through" | "back" | undefined;
  /**
   * For the farthest tier: most memory for what is kept for it while it fails or is written behind, in bytes; each write counts
   * as its value and 1 KiB. When it is full a put waits for the tier. What is kept is gone with the process; a close gives it
   * to the tier first, and throws when it cannot.
   * @defaultValue "64MB"
   */
  readonly maxOwed?: Size | undefined;
  /** Hears when the tier fails, is owed something, and recovers. */
  readonly onEvent?: TierListener | undefined;
}

/** {@link Tier} with every default filled in and every bound checked. Durations in milliseconds, 0 for none. */
interface SettledTier {
  readonly store: Store;
  readonly place: number;
  readonly timeout: number;
  readonly pause: number;
  readonly required: boolean;
  readonly absentFor: number;
  readonly writesBack: boolean;
  readonly maxOwed: number;
  readonly tell: TierListener;
}

const OPTIONS = ["store", "timeout", "pause", "required", "absentFor", "write", "maxOwed", "onEvent"] as const;
const OF_FARTHEST = ["write", "maxOwed"] as const;

/** @throws TypeError for an option out of its bounds, and for one of the farthest tier on a nearer one */
export function settleTier(given: Store | Tier, place: number, isFarthest: boolean): SettledTier {
  const tier: Tier = isTier(given) ? given : { store: given };
  checkOptions("a tier", tier, OPTIONS);
  const { write = "through", required = false, timeout = place === 0 ? undefined : "10s" } = tier;
  if (write !== "through" && write !== "back") throw new TypeError('a tier is written "through" or "back"');
  for (const option of OF_FARTHEST) {
    if (tier[option] !== undefined && !isFarthest) throw new TypeError(`"${option}" is an option of the farthest tier`);
  }
  checkType("required", required, "boolean");
  checkType("onEvent", tier.onEvent, "function");
  return {
    ...{ store: tier.store, place, required, writesBack: write === "back", tell: tierListener(tier.onEvent) },
    timeout: durationOrNone(timeout),
    pause: parseDuration(tier.pause ?? "1s"),
    absentFor: durationOrNone(tier.absentFor),
    maxOwed: parseSize(tier.maxOwed ?? "64MB"),
  };
}

/** A store has methods; what has a store is a tier. */
function isTier(given: Store | Tier | null): given is Tier {
  return typeof given === "object" && given !== null && "store" in given && !("get" in given);
}

/** A tier that holds copies. */
export function nearTier(tier: SettledTier, owed: () => number = () => 0): Patient {
  const { store, place, timeout, absentFor, tell } = tier;
  const limited = timeout === 0 ? store : timeLimited(store, timeout);
  const remembering = absentFor === 0 ? limited : rememberingAbsence(limited, absentFor);
  return patient(remembering, {
    pause: tier.pause,
    required: tier.required,
    tell: (type, error) => tell({ type, tier: place, owed: owed(), error }),
  });
}

/** The tier that puts have to reach. */
export function decidingTier(tier: SettledTier): Store & AsyncDisposable {
  const { place, required, writesBack, maxOwed, pause, tell } = tier;
  if (required && !writesBack) return nearTier(tier);
  let owed = 0;
  const landings = new Landings();
  // Below the time limit: what is late is this process's own as well.
  const store = nearTier({ ...tier, store: landings.noted(tier.store) }, () => owed);
  return new WrittenBehind(store, {
    when: writesBack ? "always" : "failed",
    ...{ limit: maxOwed, pause, landings, rests: () => store.rests },
    tell(type, count, error) {
      owed = count;
      tell({ type, tier: place, owed, error });
    },
  });
}
