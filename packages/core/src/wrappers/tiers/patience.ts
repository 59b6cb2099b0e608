import type { CallOptions, Store } from "../../ports/store.ts";
import { forward } from "../forward.ts";
import { isFailure } from "./failures.ts";

/** How long a tier that failed is left alone. */
export interface PatienceOptions {
  /** Milliseconds until the next call may find out whether it works again. */
  readonly pause: number;
  /** Its failures are always the caller's. */
  readonly required: boolean;
  /** Hears of every failure, and of the first answer after one. */
  readonly tell: (type: "failed" | "recovered", error?: unknown) => void;
}

/** A store that may fail. */
export interface Patient extends Store, AsyncDisposable {
  /** It failed a moment ago, so there is no use in waiting for it. */
  readonly rests: boolean;
  /** Its failures are always the caller's. */
  readonly required: boolean;
}

/**
 * A store that may fail: whoever asks with `orMiss` gets a miss instead, and at once while it is known to fail. Every other
 * caller hears of each failure.
 */
export function patient(store: Store, options: PatienceOptions): Patient {
  const state = new State(options);
  return {
    ...forward(store),
    required: options.required,
    get rests() {
      return state.rests;
    },
    get: (name, call) => state.read(call, () => store.get(name, call)),
    open: (name, call) => state.read(call, () => store.open(name, call)),
    stat: (name, call) => state.read(call, () => store.stat(name, call)),
    put: (name, bytes, call) => state.watch(call, () => store.put(name, bytes, call)),
    putStream: (draft, call) => state.watch(call, () => store.putStream(draft, call)),
    delete: (name, call) => state.watch(call, () => store.delete(name, call)),
  };
}

class State {
  readonly #options: PatienceOptions;
  #fails = false;
  #until = 0;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** Whether it failed a moment ago. */
  get rests(): boolean {
    return this.#fails && performance.now() < this.#until;
  }

  /** A call that is made in any case. */
  async watch<T>(call: CallOptions | undefined, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      this.#answered();
      return result;
    } catch (error) {
      if (isFailure(error, call?.signal)) this.#failed(error);
      throw error;
    }
  }

  /** A call that a caller may prefer to have answered with a miss. */
  async read<T>(call: CallOptions | undefined, work: () => Promise<T | undefined>): Promise<T | undefined> {
    if (call?.orMiss !== true || this.#options.required) return this.watch(call, work);
    call.signal?.throwIfAborted();
    if (this.rests) return undefined;
    // One caller finds out; those who come meanwhile need not wait with it.
    if (this.#fails) this.#rest();
    try {
      return await this.watch(call, work);
    } catch (error) {
      if (!isFailure(error, call.signal)) throw error;
      return undefined;
    }
  }

  #rest(): void {
    this.#until = performance.now() + this.#options.pause;
  }

  #failed(error: unknown): void {
    this.#fails = true;
    this.#rest();
    this.#options.tell("failed", error);
  }

  #answered(): void {
    if (!this.#fails) return;
    this.#fails = false;
    this.#options.tell("recovered");
  }
}
