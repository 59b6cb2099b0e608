import { type CacheOptions, type Settings, settle } from "../cache/options.ts";
import type { CallOptions, Kind } from "../ports/store.ts";

/** How far a long job is. */
export interface Progress {
  /** What is being looked at. */
  readonly phase: Kind;
  /** Things looked at so far in this phase. */
  readonly done: number;
  /** Their stored bytes. */
  readonly bytes: number;
}

/** The slots of the cache that is cared for; everything that was written with a seal or a signer needs the same here. */
export interface MaintenanceOptions
  extends Pick<CacheOptions, "store" | "seal" | "sign" | "onEvent" | "now">,
    CallOptions {
  /** Called after each thing. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** The settings of a maintenance job. */
export function settleMaintenance({ store, seal, sign, onEvent, now }: MaintenanceOptions): Settings {
  return settle({ store, seal, sign, onEvent, now });
}

/** Counts things and tells whoever listens. */
export function counter(
  phase: Progress["phase"],
  { onProgress, signal }: Pick<MaintenanceOptions, "onProgress" | "signal">,
): (bytes: number) => void {
  let done = 0;
  let total = 0;
  return (bytes) => {
    signal?.throwIfAborted();
    done += 1;
    total += bytes;
    onProgress?.({ phase, done, bytes: total });
  };
}
