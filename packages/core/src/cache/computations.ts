import { isCacheError } from "../errors.ts";
import { inTurn } from "../leases/turn.ts";
import { fromOrigin } from "../wrappers/from-origin.ts";
import type { CacheEvent } from "./events.ts";
import { believed, findValue } from "./lookup.ts";
import { namesOf, shortId } from "./names.ts";
import type { Settings } from "./options.ts";
import { Overtaking, type Run } from "./overtaking.ts";
import { orAborted, SingleFlight } from "./single-flight.ts";
import type { UnderWay } from "./under-way.ts";
import type { Wanted } from "./wanted.ts";
import { keep } from "./write.ts";
import { mayWrite } from "./writing.ts";

/** A value that was found, and for how many milliseconds it has been expired, below 0 for one that is not. */
interface Existing<V> {
  readonly value: V;
  readonly lateBy: number;
}

/**
 * Who waits for another's value looks past what is remembered nearby, since it was stored after that; and it looks often, and what it
 * lacks has been told once.
 */
function waiting<V>(settings: Settings<V>): Settings<V> {
  const emit: Settings<V>["emit"] = (event) => {
    if (event.type !== "miss" && event.type !== "expired") settings.emit(event);
  };
  return { ...settings, emit, store: fromOrigin(settings.store) };
}

/** What computes the values of a cache: each once at a time, and never in the way of a caller who takes an older one. */
export class Computations<V> {
  readonly #settings: Settings<V>;
  readonly #underWay: UnderWay;
  /** By key, and by what callers take: who takes no older value is not answered one because somebody else does. */
  readonly #flights = new Map<string, SingleFlight<V>>();
  /** Apart from the callers' flights: a renewal is nobody's, until somebody who needs its value comes. */
  readonly #computing = new SingleFlight<V>();
  readonly #overtaking = new Overtaking();

  constructor(settings: Settings<V>, underWay: UnderWay) {
    this.#settings = settings;
    this.#underWay = underWay;
  }

  /** The value that is there, or else the computed one. @throws what the computation throws */
  valueOf(key: string, wanted: Wanted<V>, signal: AbortSignal | undefined): Promise<V> {
    const begin = (stop: AbortSignal): Promise<V> => {
      const work = this.#find(key, wanted, stop);
      // A close does not wait for a computation that everybody has left, and that may never end.
      void this.#underWay.track(orAborted(work, stop));
      return work;
    };
    return this.#shared(key, `${wanted.whileRenewed} ${wanted.ifFailed}`, begin, signal);
  }

  /** Makes a change of one key, or of all: what is being computed is older, is not kept in its place, and is not joined after it. */
  async around<T>(key: string | undefined, change: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    this.#leave(key);
    const changed = await this.#overtaking.around(key, change, signal);
    this.#leave(key);
    return changed;
  }

  #leave(key: string | undefined): void {
    if (key === undefined) this.#flights.clear();
    else this.#flights.delete(key);
    this.#computing.leave(key);
  }

  async #shared(
    key: string,
    taken: string,
    begin: (stop: AbortSignal) => Promise<V>,
    signal: AbortSignal | undefined,
  ): Promise<V> {
    const flights = this.#flights.get(key) ?? new SingleFlight<V>();
    this.#flights.set(key, flights);
    try {
      return await flights.run(taken, begin, signal);
    } finally {
      if (flights.isEmpty && this.#flights.get(key) === flights) this.#flights.delete(key);
    }
  }

  /** Whoever changes the key after this has begun to look has changed it after what is computed because of that look. */
  async #find(key: string, wanted: Wanted<V>, signal: AbortSignal): Promise<V> {
    const looked = this.#overtaking.begin(key);
    try {
      return await this.#findSince(looked, key, wanted, signal);
    } finally {
      this.#overtaking.end(key, looked);
    }
  }

  async #findSince(looked: Run, key: string, wanted: Wanted<V>, signal: AbortSignal): Promise<V> {
    const late = Math.max(wanted.whileRenewed, wanted.ifFailed);
    const found = await this.#existing(late === 0 ? this.#settings : { ...this.#settings, late }, wanted, signal);
    if (found === undefined) return this.#computed(looked, key, wanted, signal);
    if (found.lateBy < 0) return found.value;
    if (found.lateBy < wanted.whileRenewed) {
      this.#renew(looked, key, wanted);
      return this.#stale(wanted, found);
    }
    this.#report("expired", "info", wanted);
    try {
      return await this.#computed(looked, key, wanted, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (found.lateBy >= wanted.ifFailed) throw error;
      // The caller has said that it takes the older value instead; what failed will fail again for who has none.
      return this.#stale(wanted, found);
    }
  }

  #stale(wanted: Wanted<V>, { value }: Existing<V>): V {
    this.#report("stale", "warning", wanted);
    return value;
  }

  /** What is there and is believed. */
  async #existing(
    settings: Settings<V>,
    { address }: Wanted<V>,
    signal: AbortSignal,
  ): Promise<Existing<V> | undefined> {
    const reading = await findValue(settings, address, { signal });
    const value = believed(settings, reading);
    if (value === undefined || !("value" in reading)) return undefined;
    const { expires } = reading.answer.record.statement;
    return { value, lateBy: settings.late === undefined || expires === 0 ? -1 : settings.now() - expires };
  }

  /** Computes another value behind the one that was answered; nobody waits for it but a close. */
  #renew(looked: Run, key: string, wanted: Wanted<V>): void {
    const renewal = this.#computed(looked, key, wanted);
    void this.#underWay.track(renewal.catch((error) => this.#report("renewal-failed", "warning", wanted, error)));
  }

  /** The value of the one computation that this process has under way. */
  #computed(looked: Run, key: string, wanted: Wanted<V>, signal?: AbortSignal): Promise<V> {
    return this.#computing.run(key, (stop) => this.#inTurn(looked, key, wanted, stop), signal);
  }

  /** Computes the value, in turn with other processes where there are leases, and keeps it. */
  async #inTurn(looked: Run, key: string, wanted: Wanted<V>, signal: AbortSignal): Promise<V> {
    const run = this.#overtaking.begin(key);
    run.isOvertaken ||= looked.isOvertaken;
    try {
      return await this.#orElsewhere(run, wanted, signal);
    } finally {
      this.#overtaking.end(key, run);
    }
  }

  async #orElsewhere(run: Run, wanted: Wanted<V>, signal: AbortSignal): Promise<V> {
    const { leases, leaseWait: wait } = this.#settings;
    // Who cannot store what it computes saves nobody else the work.
    if (leases === undefined || !mayWrite(this.#settings)) return this.#compute(run, wanted, signal);
    const [name] = namesOf(this.#settings, wanted.address);
    const look = async () => (await this.#existing(waiting(this.#settings), wanted, signal))?.value;
    const failed = (error: unknown) => this.#report("lease-failed", "warning", wanted, error);
    return inTurn({ leases, name, wait, look, failed }, () => this.#compute(run, wanted, signal), signal);
  }

  async #compute(run: Run, wanted: Wanted<V>, signal: AbortSignal): Promise<V> {
    const { address, compute, expiry, whileRenewed, ifFailed } = wanted;
    const value = await compute(signal);
    if (value === undefined || run.isOvertaken) return value;
    const late = Math.max(whileRenewed, ifFailed);
    // Not by `set`: a computation that was under way when the cache began to close is still kept.
    run.keeping = this.#underWay.track(keep(this.#settings, { address, value, expiry, late }, { signal }));
    await run.keeping;
    return value;
  }

  #report(type: CacheEvent["type"], level: CacheEvent["level"], { address }: Wanted<V>, error?: unknown): void {
    const { namespace, emit, now } = this.#settings;
    const id = shortId(namesOf(this.#settings, address)[0]);
    const code = isCacheError(error) ? error.code : undefined;
    emit({ type, level, namespace, plane: "entries", id, time: now(), code });
  }
}
