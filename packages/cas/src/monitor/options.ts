import { checkOptions, type Duration, parseDuration } from "@cache/core/adapter";
import type { MaintenanceOptions } from "@cache/core/maintenance";
import type { FileStore } from "../file-store.ts";
import type { Alert } from "./alerts.ts";

/** What a monitor watches, and with what it verifies: the `seal` and `sign` of the cache, as for every maintenance job. */
export interface MonitorOptions extends Pick<MaintenanceOptions, "seal" | "sign" | "now" | "onEvent" | "signal"> {
  readonly store: FileStore;
  /** Called with every alert, in order. What it throws is ignored. */
  readonly onAlert: (alert: Alert) => void;
  /**
   * Set aside what is certainly not what its writer left, and what is planted among the values. What other keys wrote
   * stays, as it does for `verifyStore`; with a signer that only verifies, everything does.
   * @defaultValue false
   */
  readonly quarantine?: boolean | undefined;
  /**
   * Time between scans, which find what was not reported: milliseconds, or text such as `"30s"`; at least a second.
   * @defaultValue "5m"
   */
  readonly interval?: Duration | undefined;
  /**
   * Have the system report changes. Without, they are found by scans alone: for network file systems, which report nothing
   * of what other machines do.
   * @defaultValue true
   */
  readonly watch?: boolean | undefined;
  /**
   * Tell of what this process puts and removes, too.
   * @defaultValue false
   */
  readonly own?: boolean | undefined;
}

/** Longer than this a timer of the platform cannot wait. */
const LONGEST = 2_147_483_647;

const NAMES = [
  "store",
  "seal",
  "sign",
  "now",
  "onEvent",
  "signal",
  "onAlert",
  "quarantine",
  "interval",
  "watch",
  "own",
];

/** Options that make sense. */
export type CheckedOptions = MonitorOptions & { readonly quarantine: boolean; readonly milliseconds: number };

/** @throws TypeError for what makes no sense */
export function checkMonitorOptions(options: MonitorOptions): CheckedOptions {
  checkOptions("monitorStore", options, NAMES as (keyof MonitorOptions)[]);
  const { store, sign, onAlert, quarantine = false, interval = "5m" } = options;
  if (typeof store?.directory !== "string") throw new TypeError("the store of a monitor is a file store");
  if (typeof onAlert !== "function") throw new TypeError("onAlert is a function");
  for (const name of ["quarantine", "watch", "own"] as const) {
    if (!["undefined", "boolean"].includes(typeof options[name])) throw new TypeError(`${name} is a boolean`);
  }
  const milliseconds = parseDuration(interval);
  if (milliseconds < 1000) throw new TypeError("interval is at least a second");
  const mayWrite = sign === undefined || sign.identity !== undefined;
  return { ...options, quarantine: quarantine && mayWrite, milliseconds: Math.min(milliseconds, LONGEST) };
}
