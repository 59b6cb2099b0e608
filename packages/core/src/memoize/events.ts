import { diagnose } from "#host";
import { notify } from "../adapter/notify.ts";

/** Something that happened to a memoized function. It never holds an argument or a result. */
export interface MemoizeEvent {
  /** `uncached`: it ran without the cache, because an argument has no digest. `unrecorded`: the call log failed. */
  readonly type: "uncached" | "unrecorded";
  readonly level: "warning";
  readonly name: string;
  readonly version?: string | undefined;
  /** Why. */
  readonly error: unknown;
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
}

/** Hears of {@link MemoizeEvent}s; what it throws is ignored. */
export type MemoizeListener = (event: MemoizeEvent) => void;

/** Sends each event to the listener and to the diagnostics channel `cache:<type>`. */
export function memoizeSink(
  of: Pick<MemoizeEvent, "name" | "version">,
  listener: MemoizeListener | undefined,
): (type: MemoizeEvent["type"], error: unknown) => void {
  return (type, error) => {
    const event: MemoizeEvent = { type, level: "warning", ...of, error, time: Date.now() };
    diagnose(`cache:${type}`, event);
    notify(listener, event);
  };
}
