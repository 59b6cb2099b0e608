import { storeError } from "@cache/core/adapter";
import { Deadline } from "./deadline.ts";

/** How one request is asked. */
export interface Asking {
  /** What the request is for, as in "the store failed while reading a value". */
  readonly doing: string;
  readonly signal: AbortSignal | undefined;
  /**
   * What is visible to others cannot be taken back: when the caller gives up meanwhile, the answer is still waited for, a
   * little while, and told if it was a success.
   * @defaultValue false
   */
  readonly commits?: boolean | undefined;
}

/** Sends requests, none of which is waited for without an end. */
export class Asker {
  readonly #timeout: number;

  /** @param timeout - longest wait for an answer, in milliseconds */
  constructor(timeout: number) {
    this.#timeout = timeout;
  }

  /**
   * @param asking - what for
   * @param send - the request
   * @returns its answer
   * @throws what the client throws, for the caller to look at; the signal's reason; `TimeoutError`
   */
  async ask<T>({ signal, commits = false }: Asking, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const deadline = new Deadline(this.#timeout, signal, commits);
    try {
      return await deadline.race(send(deadline.signal));
    } catch (error) {
      // A client has its own error for an abort; the caller's reason, or the timeout, says more.
      signal?.throwIfAborted();
      throw deadline.signal.aborted ? deadline.signal.reason : error;
    } finally {
      deadline.clear();
    }
  }

  /** As {@link Asker.ask}, when every failure is the store's. */
  async need<T>(asking: Asking, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.ask(asking, send).catch((error) => {
      throw storeError(asking.doing, error, asking.signal);
    });
  }
}
