import { CacheError, notify, storeError } from "@cache/core/adapter";
import { type Paths, pathsOf } from "../paths.ts";
import { settle } from "../privacy.ts";
import { addWitness } from "../witness.ts";
import type { Alert } from "./alerts.ts";
import { Assessment } from "./assessment.ts";
import { Comparison } from "./comparison.ts";
import { Complaints } from "./complaints.ts";
import type { Finding, Tell } from "./finding.ts";
import { Inspector } from "./inspector.ts";
import { Judge } from "./judge.ts";
import { Memory } from "./memory.ts";
import { type CheckedOptions, checkMonitorOptions, type MonitorOptions } from "./options.ts";
import { ownWrites } from "./own-writes.ts";
import { Patrol } from "./patrol.ts";
import { Watchers } from "./watchers.ts";

/** What a scan looked at. What it found was told to `onAlert` before. */
export interface ScanReport {
  /** Names that were looked at: values, directories and whatever else there is. */
  readonly looked: number;
  /** Alerts of this scan. */
  readonly alerts: number;
  /** Directories whose changes the system reports. */
  readonly watched: number;
  /** Directories whose changes it does not report, though it should. */
  readonly unwatched: number;
}

/** Watches a store until it is closed; the process does not end before. */
export interface Monitor extends AsyncDisposable {
  /**
   * Looks at everything now. What was written before the call is judged, and told, when it resolves.
   * @throws CacheError ERR_CACHE_STORE once the monitor is closed
   */
  scan(): Promise<ScanReport>;
  /** Ends the watching. Nothing is told afterwards. */
  close(): Promise<void>;
}

/**
 * Watches the directory of a file store and tells what others do there: changed, deleted and planted files, and rights
 * that changed. What this process writes through any store of this package is known at the moment it happens and is no
 * news. What somebody else wrote is verified: with the keys, a value that holds was written by a holder of the keys.
 *
 * It is an alarm and not the lock: reads verify whatever they find, with or without it.
 *
 * Resolves when all that is there was looked at once. It is taken as it is, so run `verifyStore` first where that is in
 * doubt; what is planted, and what others can change, is told at once.
 * @throws TypeError for options that make no sense
 * @throws CacheError ERR_CACHE_UNSAFE_PATH when the path leads through another user's link
 */
export async function monitorStore(options: MonitorOptions): Promise<Monitor> {
  const checked = checkMonitorOptions(options);
  const { store, signal } = checked;
  signal?.throwIfAborted();
  try {
    const { patrol, monitor } = monitorOf(checked, pathsOf(settle(store.directory)));
    try {
      await patrol.begin();
    } catch (error) {
      await monitor.close();
      signal?.throwIfAborted();
      throw error;
    }
    return monitor;
  } catch (error) {
    throw storeError("looking at what is to be watched", error, signal);
  }
}

/** A monitor that has not begun. */
function monitorOf(options: CheckedOptions, paths: Paths): { patrol: Patrol; monitor: Monitor } {
  const { signal, onAlert } = options;
  const ending = new AbortController();
  let alerts = 0;
  const tell = (finding: Finding): void => {
    if (ending.signal.aborted) return;
    alerts += 1;
    notify(onAlert, { ...finding, time: Date.now() } as Alert);
  };
  const { patrol, watchers, complaints, removeWitness } = assemble(options, paths, tell, ending.signal);
  const close = async (): Promise<void> => {
    ending.abort(new CacheError("ERR_CACHE_STORE", "the monitor was closed"));
    signal?.removeEventListener("abort", close);
    removeWitness();
    watchers.closeAll();
    await patrol.close();
  };
  signal?.addEventListener("abort", close);
  const scan = async (): Promise<ScanReport> => {
    const before = alerts;
    const looked = await patrol.scan();
    return { looked, alerts: alerts - before, watched: watchers.count, unwatched: complaints.unwatched };
  };
  return { patrol, monitor: { scan, close, [Symbol.asyncDispose]: close } };
}

interface Parts {
  readonly patrol: Patrol;
  readonly watchers: Watchers;
  readonly complaints: Complaints;
  readonly removeWitness: () => void;
}

function assemble(options: CheckedOptions, paths: Paths, tell: Tell, signal: AbortSignal): Parts {
  const { store, seal, sign, now, onEvent, quarantine, watch = true, own = false, milliseconds } = options;
  const memory = new Memory();
  const complaints = new Complaints(tell);
  const watchers = new Watchers({ reported: (...report) => patrol.reported(...report), lost: () => patrol.lost() });
  const comparison = new Comparison({ paths, memory, complaints, quarantine, tell });
  const watched = watch ? watchers : undefined;
  const inspector = new Inspector({ paths, memory, comparison, complaints, watchers: watched, signal });
  const assessment = new Assessment(new Judge({ store, seal, sign, now, onEvent, quarantine, signal }), tell);
  const looking = { inspector, comparison, assessment, complaints };
  const patrol = new Patrol({ ...looking, paths, tell, interval: milliseconds });
  const told = own ? tell : undefined;
  const removeWitness = addWitness(ownWrites({ paths, memory, levels: () => comparison.levels, tell: told }));
  return { patrol, watchers, complaints, removeWitness };
}
