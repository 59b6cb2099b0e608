import type { MonotonicStore } from "@cache/core";

/**
 * One memory of what was seen, and ways to get at it. The cases use random scopes, so it may be in use; what they make it
 * remember stays, a few hundred scopes of one sequence each.
 */
export interface MonotonicStoreFixture {
  /** A store on the memory. */
  open(): MonotonicStore | Promise<MonotonicStore>;
  /** Another handle on the same memory, as a second process would have it. For a volatile one the same instance. */
  reopen(): MonotonicStore | Promise<MonotonicStore>;
}

/** A memory that fails at whatever it is asked: no permission, no connection, no disk. */
export interface FailingMonotonicStoreFixture {
  /** A store on the failing memory. */
  open(): MonotonicStore | Promise<MonotonicStore>;
}
