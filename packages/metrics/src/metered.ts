import type { CallOptions, Draft, Kind, Listed, Name, PutOptions, PutResult, RangeOptions, Store } from "@cache/core";
import { checkOptions } from "@cache/core/adapter";
import { guarded } from "./guarded.ts";
import type { Meter } from "./meter.ts";
import { observedPieces } from "./observed-pieces.ts";
import { type Operation, StoreCalls } from "./store-calls.ts";

/** How a store is measured. */
export interface MeteredOptions {
  /**
   * The label `store`, to tell several stores of one program apart.
   * @defaultValue "store"
   */
  readonly name?: string | undefined;
  /**
   * The clock of durations, in milliseconds. It never goes back.
   * @defaultValue performance.now
   */
  readonly now?: (() => number) | undefined;
}

const METHODS = [
  "get",
  "open",
  "put",
  "putStream",
  "stat",
  "delete",
  "list",
] as const satisfies readonly (keyof Store)[];

/**
 * The store, measured: `cache.store.calls`, `cache.store.failures`, `cache.store.io` and `cache.store.duration`. It keeps the contract of
 * the port as well as the store below, and starts nothing that would have to be closed; closing it closes the store.
 * @throws TypeError for what is no store or no meter, and options that make no sense
 */
export function metered(store: Store, meter: Meter, options: MeteredOptions = {}): Store & AsyncDisposable {
  checkOptions("metered", options, ["name", "now"]);
  const { name = "store", now = () => performance.now() } = options;
  if (typeof name !== "string" || typeof now !== "function") throw new TypeError("name is text, and now a function");
  if (!METHODS.every((method) => typeof store?.[method] === "function")) throw new TypeError("metered needs a store");
  return new MeteredStore(store, new StoreCalls(guarded("metered", meter), name, now));
}

const planeOf = (name: Name): Kind => name.slice(0, name.indexOf("/")) as Kind;

class MeteredStore implements Store, AsyncDisposable {
  readonly #store: Store;
  readonly #calls: StoreCalls;

  constructor(store: Store, calls: StoreCalls) {
    this.#store = store;
    this.#calls = calls;
  }

  async get(name: Name, options?: CallOptions): Promise<Uint8Array | undefined> {
    const plane = planeOf(name);
    const bytes = await this.#measured("get", plane, options, () => this.#store.get(name, options));
    if (bytes !== undefined) this.#calls.moved("read", plane, bytes.byteLength);
    return bytes;
  }

  async open(name: Name, options?: RangeOptions): Promise<AsyncIterable<Uint8Array> | undefined> {
    const plane = planeOf(name);
    const body = await this.#measured("open", plane, options, () => this.#store.open(name, options));
    if (body === undefined) return undefined;
    return observedPieces(body, {
      now: this.#calls.now,
      onPiece: (piece) => this.#calls.moved("read", plane, piece.byteLength),
      onError: (error) => this.#calls.broke("open", plane, { error, signal: options?.signal }),
    });
  }

  async put(name: Name, bytes: Uint8Array, options?: PutOptions): Promise<PutResult> {
    const plane = planeOf(name);
    const { byteLength } = bytes;
    const result = await this.#measured("put", plane, options, () => this.#store.put(name, bytes, options));
    if (result.written) this.#calls.moved("write", plane, byteLength);
    return result;
  }

  async putStream(draft: Draft, options?: PutOptions): Promise<PutResult> {
    // Until a draft has said its name it is content, which is what caches stream.
    let plane: Kind = "blobs";
    let size = draft.headLength;
    const onPiece = (piece: Uint8Array): void => {
      size += piece.byteLength;
    };
    const counted: Draft = {
      headLength: draft.headLength,
      body: observedPieces(draft.body, { now: this.#calls.now, onPiece }),
      finish: () => {
        const finished = draft.finish();
        plane = planeOf(finished.name);
        return finished;
      },
    };
    const put = () => this.#store.putStream(counted, options);
    const result = await this.#measured("putStream", () => plane, options, put);
    if (result.written) this.#calls.moved("write", plane, size);
    return result;
  }

  stat(...[name, options]: Parameters<Store["stat"]>): ReturnType<Store["stat"]> {
    return this.#measured("stat", planeOf(name), options, () => this.#store.stat(name, options));
  }

  delete(...[name, options]: Parameters<Store["delete"]>): Promise<void> {
    return this.#measured("delete", planeOf(name), options, () => this.#store.delete(name, options));
  }

  list(kind: Kind, options?: CallOptions): AsyncIterable<Listed> {
    const calls = this.#calls;
    return observedPieces(this.#store.list(kind, options), {
      now: calls.now,
      onError: (error, waited) => calls.failed("list", kind, { error, signal: options?.signal }, waited),
      onEnd: (waited) => calls.ended("list", kind, "ok", waited),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#store as Partial<AsyncDisposable>)[Symbol.asyncDispose]?.();
  }

  async #measured<T>(
    operation: Operation,
    plane: Kind | (() => Kind),
    options: CallOptions | undefined,
    call: () => Promise<T>,
  ): Promise<T> {
    const kind = () => (typeof plane === "string" ? plane : plane());
    const since = this.#calls.now();
    try {
      const answer = await call();
      const outcome = answer === undefined && operation !== "delete" ? "absent" : "ok";
      this.#calls.ended(operation, kind(), outcome, this.#calls.now() - since);
      return answer;
    } catch (error) {
      this.#calls.failed(operation, kind(), { error, signal: options?.signal }, this.#calls.now() - since);
      throw error;
    }
  }
}
