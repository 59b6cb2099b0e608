import type { Store } from "@cache/core";

/**
 * One medium, and ways to get at it. The cases use random names and remove what they wrote, so the medium may be
 * shared and live; it needs room for 16 MiB and must not evict while a case runs.
 */
export interface StoreFixture {
  /** A store on the medium. Called once per case. */
  open(): Promise<Store>;
  /** Another handle on the same medium, as a second process would have it. For a volatile store the same instance. */
  reopen(): Promise<Store>;
  /** Whether `reopen` gives another instance. A volatile store says `false`; nothing else is different for it. */
  readonly persistent: boolean;
}

/** A medium that fails at whatever it is asked: no permission, no connection, no disk. */
export interface FailingStoreFixture {
  /** A store on the failing medium. */
  open(): Promise<Store>;
}
