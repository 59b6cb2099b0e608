import type { S3Body } from "../bucket.ts";

/** So many bytes have to come within one timeout: a server that drips keeps nobody for ever. */
export const STEP = 65_536;

/** Reads a body, and waits for the server only so long. Time that the reader takes does not count. */
export class PatientBody {
  readonly #body: S3Body;
  readonly #timeout: number;
  readonly #signal: AbortSignal | undefined;
  #waited = 0;
  #came = 0;

  /**
   * @param body - as it comes
   * @param timeout - longest wait for each 64 KiB, in milliseconds
   * @param signal - ends a wait with its reason
   */
  constructor(body: S3Body, timeout: number, signal: AbortSignal | undefined) {
    this.#body = body;
    this.#timeout = timeout;
    this.#signal = signal;
  }

  /** The next piece; undefined at the end. */
  async next(): Promise<Uint8Array | undefined> {
    this.#signal?.throwIfAborted();
    const began = performance.now();
    const { done, value } = await this.#bounded(this.#body.next());
    this.#waited += performance.now() - began;
    if (done === true) return undefined;
    this.#came += value.byteLength;
    if (this.#came >= STEP) [this.#came, this.#waited] = [0, 0];
    return value;
  }

  /** Gives the connection back. */
  end(): void {
    // It is over either way; what a broken connection says about it helps nobody.
    this.#body.return().catch(() => undefined);
  }

  #bounded<T>(awaited: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const stalled = (): void => reject(new DOMException("the body stalled", "TimeoutError"));
      const aborted = (): void => reject(this.#signal?.reason);
      const timer = setTimeout(stalled, Math.max(0, this.#timeout - this.#waited));
      this.#signal?.addEventListener("abort", aborted, { once: true });
      awaited.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        this.#signal?.removeEventListener("abort", aborted);
      });
    });
  }
}
