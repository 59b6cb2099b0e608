import { diagnose, isDiagnosed } from "#host";
import { notify } from "../adapter/notify.ts";
import type { CacheErrorCode } from "../errors.ts";
import type { Kind } from "../ports/store.ts";

/** How much an event asks for attention: `security` means that something stored was not what its writer left there. */
export type EventLevel = "info" | "warning" | "security";

/** Something a cache did or met. It never holds a key, a value or secret bytes. */
export interface CacheEvent {
  readonly type:
    | "hit"
    | "miss"
    | "expired"
    /** A value past its expiry was answered to a caller that takes it for some time yet. */
    | "stale"
    | "rejected"
    | "set"
    | "delete"
    | "quarantined"
    | "retired-key"
    | "write-failed"
    /** A lease could not be taken, renewed or given back; the value was computed all the same. */
    | "lease-failed"
    /** The computation behind a stale value failed; the next caller starts another. */
    | "renewal-failed"
    /** An entry that expires was taken for expired, because a memory in the `rollback` slot has seen a later time. */
    | "clock-behind";
  readonly level: EventLevel;
  readonly namespace: string;
  /** What it is about; `notes` only when maintenance set a damaged one aside, `packages` for a package file of `@cache/bundle`. */
  readonly plane: Kind | "packages";
  /** The first 16 hexadecimal digits of the stored name: the same for the same key, and it tells nothing about it. */
  readonly id: string;
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  /**
   * Why, for `rejected`, `quarantined`, `write-failed`, `lease-failed` and `clock-behind`. What a computation of yours threw has none: it may
   * hold anything, so whoever wants to know catches it in the computation.
   */
  readonly code?: CacheErrorCode | undefined;
  /** Id of the key that wrote, in hexadecimal, where one is known. */
  readonly keyId?: string | undefined;
}

/** Receives events; whatever it throws is ignored, because a listener must not break a cache. */
export type EventListener = (event: CacheEvent) => void;

/** Where events go. */
export interface EventSink {
  /** Sends an event to the listener and to the diagnostics channel `cache:<type>`. */
  readonly emit: EventListener;
  /** Whether anybody would hear of a hit; an event that nobody hears of need not be made. */
  readonly hearsHits: () => boolean;
}

export function eventSink(listener: EventListener | undefined): EventSink {
  return {
    emit(event) {
      diagnose(`cache:${event.type}`, event);
      notify(listener, event);
    },
    hearsHits: () => listener !== undefined || isDiagnosed("cache:hit"),
  };
}
