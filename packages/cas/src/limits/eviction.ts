import type { CacheError } from "@cache/core/adapter";

/** What was done to keep a store within its limits. */
export interface Eviction {
  /** Values that went, and files that had been set aside. */
  readonly count: number;
  /** The room they gave back, in bytes: the length of each rounded up to 4096. */
  readonly bytes: number;
  /** How many were to go and could not be removed. They stay, others go for them, and they are tried again. */
  readonly failed: number;
  /** Why the first of them could not be removed, or why nothing could be counted or told to other processes; `ERR_CACHE_STORE` with its cause. */
  readonly error?: CacheError | undefined;
}

/** An {@link Eviction} while it goes on. */
export class Tally {
  #count = 0;
  #bytes = 0;
  #failed = 0;
  #error: CacheError | undefined;

  removed(bytes: number): void {
    this.#count += 1;
    this.#bytes += bytes;
  }

  kept(error: CacheError): void {
    this.#failed += 1;
    this.#error ??= error;
  }

  broke(error: CacheError): void {
    this.#error ??= error;
  }

  report(): Eviction {
    return { count: this.#count, bytes: this.#bytes, failed: this.#failed, error: this.#error };
  }
}
