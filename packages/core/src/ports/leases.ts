import type { CallOptions, Name } from "./store.ts";

/** The turn to compute one value. It ends by itself when its holder no longer renews it. */
export interface Lease {
  /** Makes it last for another `ttl` from now. @returns false when it is not the holder's any more */
  renew(options?: CallOptions): Promise<boolean>;
  /** Gives it back, so that nobody has to wait for its end. What is not the holder's any more is left alone. */
  release(options?: CallOptions): Promise<void>;
}

/**
 * Turns that processes and machines take. They save work and decide nothing: two holders at once compute a value twice, and
 * whoever forges a lease makes others wait, no longer than they are willing to.
 */
export interface Leases {
  /** After so many milliseconds a lease that was not renewed is anybody's; more than 0. */
  readonly ttl: number;
  /**
   * Takes the turn for the value under a name; `undefined` while another has it. Does not wait.
   * @throws CacheError `ERR_CACHE_STORE`
   */
  take(name: Name, options?: CallOptions): Promise<Lease | undefined>;
}
