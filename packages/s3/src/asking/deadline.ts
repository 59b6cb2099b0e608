/** What a caller who gave up waits for a request that cannot be taken back, in milliseconds. */
const LINGER = 5_000;

/** The end of one wait: too long, or the caller had enough. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal | undefined;
  readonly #onAbort: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param milliseconds - longest wait
   * @param caller - gives up
   * @param lingers - whether the request goes on for a while then, because whether it took place has to be known
   */
  constructor(milliseconds: number, caller: AbortSignal | undefined, lingers: boolean) {
    this.#caller = caller;
    this.#onAbort = () => (lingers ? this.#within(LINGER, caller?.reason) : this.#controller.abort(caller?.reason));
    this.#within(milliseconds, new DOMException(`no answer within ${milliseconds} ms`, "TimeoutError"));
    caller?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Aborted at the end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What is awaited, or the end, whichever is first. Who pays no attention to the signal is not waited for. */
  race<T>(awaited: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => reject(this.signal.reason);
      this.signal.addEventListener("abort", end, { once: true });
      awaited.then(resolve, reject).finally(() => this.signal.removeEventListener("abort", end));
    });
  }

  /** Nobody waits any more. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#onAbort);
  }

  #within(milliseconds: number, reason: unknown): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(reason), milliseconds);
  }
}
