/** The newest entry that was seen of a name. */
export interface Seen {
  /** A whole number from 0 to 2^53 - 1. */
  readonly sequence: number;
  /** 32 bytes that tell entries of one sequence apart. */
  readonly digest: Uint8Array;
}

/**
 * Remembers of each name the newest entry that was seen, so that an older one, put back by whoever can write to the
 * cache's medium, is told from it. It lies where they cannot write: beside the reader, not beside the cache.
 *
 * `undefined` means that nothing was seen; every other failure rejects with `ERR_CACHE_STORE` and its cause. Bytes that were
 * given or answered are the caller's to use again.
 */
export interface MonotonicStore {
  /**
   * What is remembered.
   * @param scope - 32 bytes that stand for a name, or for the clock
   */
  get(scope: Uint8Array): Promise<Seen | undefined>;

  /**
   * Remembers `seen`, unless something of its sequence or a higher one is remembered, whichever process remembered it.
   * It never goes back.
   * @returns what is remembered now
   */
  advance(scope: Uint8Array, seen: Seen): Promise<Seen>;
}
