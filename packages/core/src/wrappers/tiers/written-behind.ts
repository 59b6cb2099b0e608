import { parseName } from "../../adapter/name.ts";
import { CacheError } from "../../errors.ts";
import type {
  DeleteOptions,
  GetOptions,
  Kind,
  Listed,
  Name,
  PutOptions,
  PutResult,
  Stat,
  Store,
} from "../../ports/store.ts";
import { disposeAll } from "../dispose.ts";
import { NameLocks } from "../name-locks.ts";
import { NamedDraft } from "../named-draft.ts";
import { type Debt, Debts, isContent, unpaid, type Write } from "./debts.ts";
import { isFailure, type TierEvent } from "./failures.ts";
import type { Landings } from "./landings.ts";
import { Payer } from "./payer.ts";
import { Payments } from "./payments.ts";

/** What is written behind, and how much of it. */
export interface BehindOptions {
  /** `always`: every put of bytes. `failed`: only what the store could not take at once. */
  readonly when: "always" | "failed";
  /** Most bytes of memory for what is owed; beyond it a put waits for the store, and fails when that fails. */
  readonly limit: number;
  /** Milliseconds between two tries; doubled up to a minute while they fail. */
  readonly pause: number;
  /** Whether the store failed a moment ago, so that there is no use in waiting for it. */
  readonly rests: () => boolean;
  /** What this process has put in the store. */
  readonly landings: Landings;
  readonly tell: (type: Exclude<TierEvent["type"], "failed" | "recovered">, owed: number, error?: unknown) => void;
}

/**
 * A store that gets bytes later than they are put: until then they are kept in memory, and read from there. Deletes, streams
 * and puts that the first wins are the store's own to answer, and wait for it.
 */
export class WrittenBehind implements Store, AsyncDisposable {
  readonly #store: Store;
  readonly #options: BehindOptions;
  readonly #debts: Debts;
  readonly #locks = new NameLocks();
  readonly #payer: Payer;
  readonly #payments: Payments;

  constructor(store: Store, options: BehindOptions) {
    this.#store = store;
    this.#options = options;
    this.#debts = new Debts(options.limit);
    this.#payer = new Payer({
      ...{ store, landings: options.landings, debts: this.#debts, locks: this.#locks },
      tell: (type, error) => options.tell(type, this.#debts.size, error),
    });
    this.#payments = new Payments(this.#debts, {
      pause: options.pause,
      pay: (name) => this.#payer.pay(name),
      paid: () => options.tell("paid", 0),
    });
  }

  async get(name: Name, options?: GetOptions): Promise<Uint8Array | undefined> {
    const debt = this.#debts.get(name);
    if (debt === undefined) return this.#store.get(name, options);
    options?.signal?.throwIfAborted();
    if (debt.bytes.byteLength > (options?.limit ?? Number.POSITIVE_INFINITY)) {
      throw new CacheError("ERR_CACHE_LIMIT", "the value is longer than the caller allows");
    }
    return new Uint8Array(debt.bytes);
  }

  async open(name: Name, options?: Parameters<Store["open"]>[1]): ReturnType<Store["open"]> {
    const debt = this.#debts.get(name);
    if (debt === undefined) return this.#store.open(name, options);
    options?.signal?.throwIfAborted();
    const { start = 0, end } = options ?? {};
    return onePiece(debt.bytes.slice(start, Math.max(start, end ?? debt.bytes.byteLength)));
  }

  async put(name: Name, bytes: Uint8Array, options?: PutOptions): Promise<PutResult> {
    parseName(name);
    const own: Write = { bytes: new Uint8Array(bytes), keepUntil: options?.keepUntil, since: Date.now() };
    return this.#locks.change(name, async () => {
      options?.signal?.throwIfAborted();
      const owed = this.#debts.get(name);
      if (options?.ifAbsent === true)
        return owed ? { written: false } : this.#payer.putLocked(name, own.bytes, options);
      const { when, rests } = this.#options;
      // What is owed already stays in order: an older one must not arrive after this one, and nothing before what it names.
      const waits = owed !== undefined || (this.#debts.hasContent && !isContent(name));
      if ((when === "always" || waits || rests()) && this.#owe(name, own)) return { written: true };
      return this.#putNow(name, own, options);
    });
  }

  async putStream(...[draft, options]: Parameters<Store["putStream"]>): Promise<PutResult> {
    const named = new NamedDraft(draft);
    const result = await this.#store.putStream(named, options);
    if (result.written && named.name !== undefined) this.#debts.remove(named.name);
    return result;
  }

  async stat(name: Name, options?: Parameters<Store["stat"]>[1]): ReturnType<Store["stat"]> {
    const debt = this.#debts.get(name);
    if (debt !== undefined && options?.orMiss === true) return statOf(debt);
    // Whoever decides by a version gets one that stays: that of the store.
    if (debt !== undefined) await this.#payer.pay(name);
    return this.#store.stat(name, options);
  }

  delete(name: Name, options: DeleteOptions = {}): Promise<void> {
    return this.#locks.change(name, async () => {
      options.signal?.throwIfAborted();
      if (options.ifVersion !== undefined) await this.#payer.payLocked(name);
      // What is owed goes after what it would have replaced: else a reader would see that again.
      await this.#store.delete(name, options);
      this.#debts.remove(name);
    });
  }

  async *list(kind: Kind, options?: Parameters<Store["list"]>[1]): AsyncGenerator<Listed, void, undefined> {
    const owed = new Map(this.#debts.entries().filter(([name]) => name.startsWith(`${kind}/`)));
    for await (const listed of this.#store.list(kind, options)) {
      const debt = owed.get(listed.name);
      owed.delete(listed.name);
      yield debt === undefined ? listed : rowOf(listed.name, debt);
    }
    for (const [name, debt] of owed) yield rowOf(name, debt);
  }

  /** Gives the store what it is owed, and closes it. @throws CacheError `ERR_CACHE_STORE` when some of it is left */
  async [Symbol.asyncDispose](): Promise<void> {
    let failed: unknown;
    try {
      await this.#payments.anew();
    } catch (error) {
      failed = error;
    }
    this.#payments.end();
    const left = this.#debts.size;
    await disposeAll([this.#store]);
    if (left > 0) throw unpaid(left, failed);
  }

  async #putNow(name: Name, own: Write, options: PutOptions | undefined): Promise<PutResult> {
    try {
      // Where there is no room for it the entry waits for what it may name.
      if (!isContent(name)) await this.#payer.payContent(this.#debts.content(), options?.signal);
      options?.signal?.throwIfAborted();
      return await this.#payer.putLocked(name, own.bytes, options);
    } catch (error) {
      if (!isFailure(error, options?.signal) || !this.#owe(name, own, error)) throw error;
      return { written: true };
    }
  }

  #owe(name: Name, own: Write, error?: unknown): boolean {
    if (!this.#debts.add(name, own)) return false;
    this.#options.tell("owed", this.#debts.size, error);
    if (this.#options.when === "always") this.#payments.soon();
    else this.#payments.later();
    return true;
  }
}

const statOf = ({ bytes, since }: Debt): Stat => ({ size: bytes.byteLength, modified: since, version: "" });

const rowOf = (name: Name, { bytes, since }: Debt): Listed => ({ name, size: bytes.byteLength, modified: since });

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  if (bytes.byteLength > 0) yield bytes;
}
