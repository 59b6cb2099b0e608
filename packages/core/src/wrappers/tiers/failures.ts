import { diagnose } from "#host";
import { notify } from "../../adapter/notify.ts";
import { isCacheError } from "../../errors.ts";

/** Something a tier did. On Node it is published on the channel `cache:tier` as well. */
export interface TierEvent {
  /**
   * `failed`: it is left alone for a while. `recovered`: it answers again. `owed`: it has missed a write, which is kept for it.
   * `superseded`: one of them was left out, for the tier has a newer one, or one that may be newer. `lost`: it refused one of
   * them for good. `paid`: nothing is kept for it any more; it has every write but those that were told as one of these two.
   */
  readonly type: "failed" | "recovered" | "owed" | "superseded" | "lost" | "paid";
  /** Place among the tiers, the nearest is 0. */
  readonly tier: number;
  /** Writes that are kept for it. */
  readonly owed: number;
  /** Why, for `failed`, `owed` and `lost`. */
  readonly error?: unknown;
}

/** Tells of a tier. */
export type TierListener = (event: TierEvent) => void;

/** Sends events of one tier to where they go. */
export function tierListener(listener: TierListener | undefined): TierListener {
  return (event) => {
    diagnose("cache:tier", event);
    notify(listener, event);
  };
}

/** Whether a store failed, rather than answered that it will not. */
export function isFailure(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted === true || error instanceof TypeError) return false;
  return !isCacheError(error) || error.code === "ERR_CACHE_STORE";
}
