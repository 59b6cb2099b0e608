import type { Listed, Name, PutOptions, PutResult, RangeOptions, Store } from "@cache/core";
import { CacheError, collectDraft } from "@cache/core/adapter";
import { flipBit, pieces, turn } from "../samples.ts";
import { Dice } from "./dice.ts";
import { History } from "./history.ts";
import type { Fault, FaultPlan } from "./plan.ts";

/** How a store is made to fail. */
export interface FaultyStoreOptions {
  /** The same seed and the same calls, one after the other, meet the same faults. */
  readonly seed: number;
  readonly faults: FaultPlan;
}

/** A store that does what its plan says until it is told to be calm. */
export interface FaultyStore extends Store {
  /** How often each fault befell a call. */
  readonly injected: Readonly<Record<Fault, number>>;
  /** From now on it is as good as the store it wraps. */
  calm(): void;
}

const PIECE = 10_000;

const failure = (): CacheError =>
  new CacheError("ERR_CACHE_STORE", "the medium failed, as planned", { cause: new Error("EIO") });

/** Decides by a seeded plan, and counts. */
class Plan {
  readonly injected: Record<Fault, number> = {
    ...{ flip: 0, cut: 0, vanish: 0, swap: 0, replay: 0, tear: 0, lose: 0, fail: 0, "fail-late": 0, delay: 0 },
  };
  readonly dice: Dice;
  readonly #faults: FaultPlan;
  #calm = false;

  constructor({ seed, faults }: FaultyStoreOptions) {
    this.dice = new Dice(seed);
    this.#faults = faults;
  }

  calm(): void {
    this.#calm = true;
  }

  strikes(fault: Fault): boolean {
    if (this.#calm || this.dice.next() >= (this.#faults[fault] ?? 0)) return false;
    this.injected[fault] += 1;
    return true;
  }

  /** What can befall any call before it does anything. */
  async before(): Promise<void> {
    if (this.strikes("delay")) for (let i = this.dice.below(4); i >= 0; i--) await turn();
    if (this.strikes("fail")) throw failure();
  }

  after(): void {
    if (this.strikes("fail-late")) throw failure();
  }
}

/**
 * A store between a cache and its medium that damages, cuts, exchanges, replays, delays, loses, tears and fails, on a
 * seeded plan. Whoever verifies what is read comes to no harm by any of it. It holds values whole.
 */
export function faultyStore(store: Store, options: FaultyStoreOptions): FaultyStore {
  const plan = new Plan(options);
  const history = new History();

  function spoiled(name: Name, bytes: Uint8Array): Uint8Array | undefined {
    if (plan.strikes("vanish")) return undefined;
    let read = bytes;
    if (plan.strikes("swap")) read = history.another(name, plan.dice) ?? read;
    if (plan.strikes("replay")) read = history.earlier(name, plan.dice) ?? read;
    if (plan.strikes("cut")) read = read.slice(0, plan.dice.below(read.length + 1));
    if (read.length > 0 && plan.strikes("flip")) read = flipBit(read, plan.dice.below(read.length * 8));
    return read;
  }

  async function read(name: Name, whole: () => Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined> {
    await plan.before();
    const bytes = await whole();
    return bytes && spoiled(name, bytes);
  }

  async function put(name: Name, bytes: Uint8Array, putOptions?: PutOptions): Promise<PutResult> {
    await plan.before();
    history.record(name, bytes);
    if (plan.strikes("lose")) return { written: true };
    if (plan.strikes("tear")) {
      await store.put(name, bytes.slice(0, plan.dice.below(bytes.length + 1)), putOptions);
      throw failure();
    }
    const result = await store.put(name, bytes, putOptions);
    plan.after();
    return result;
  }

  return {
    injected: plan.injected,
    calm: () => plan.calm(),
    get: (name, getOptions) => read(name, () => store.get(name, getOptions)),
    async open(name, range) {
      const bytes = await read(name, () => store.get(name, { signal: range?.signal }));
      return bytes && stoppable(pieces(partOf(bytes, range), PIECE), range?.signal);
    },
    put,
    async putStream(draft, putOptions) {
      const { name, bytes } = await collectDraft(draft, putOptions);
      return put(name, bytes, putOptions);
    },
    async stat(name, callOptions) {
      await plan.before();
      return plan.strikes("vanish") ? undefined : store.stat(name, callOptions);
    },
    async delete(name, deleteOptions) {
      await plan.before();
      if (plan.strikes("lose")) return;
      await store.delete(name, deleteOptions);
      plan.after();
    },
    async *list(kind, callOptions): AsyncGenerator<Listed, void, undefined> {
      await plan.before();
      for await (const each of store.list(kind, callOptions)) if (!plan.strikes("vanish")) yield each;
      plan.after();
    },
  };
}

async function* stoppable(source: AsyncIterable<Uint8Array>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    signal?.throwIfAborted();
    yield piece;
  }
  signal?.throwIfAborted();
}

const partOf = (bytes: Uint8Array, { start = 0, end = bytes.length }: RangeOptions = {}): Uint8Array =>
  bytes.slice(Math.max(start, 0), Math.max(end, 0));
