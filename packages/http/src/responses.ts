import type { Cache, CallOptions } from "@cache/core";
import { inTime, isCacheError, timeLeft } from "@cache/core/adapter";
import { Changes } from "./changes.ts";
import { type Doubt, Doubts } from "./doubts.ts";
import { Invalidations } from "./invalidations.ts";
import { type HttpRequest, matches } from "./request.ts";
import { type HttpResponse, type StoredResponse, storedResponses } from "./response.ts";

/** Responses to one method for one address that are kept beside each other. */
const MOST_VARIANTS = 64;
/** Longest body that is kept in the entry itself. */
const SMALL = 16_384;

/** A response that arrived. */
export interface Arrived {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  /** When it was asked for, in milliseconds since 1970 UTC. */
  readonly asked: number;
  readonly bytes: Uint8Array;
}

/** Responses by the key of their method and address. */
export class Responses {
  readonly #cache: Cache;
  readonly #timeout: number;
  readonly #changes = new Changes();
  readonly #doubts = new Doubts();
  readonly #invalidations: Invalidations;

  /** @param timeout - longest wait for a change, in milliseconds */
  constructor(cache: Cache, timeout: number) {
    this.#cache = cache;
    this.#timeout = timeout;
    this.#invalidations = new Invalidations(cache);
  }

  /** The response to a request. What is being changed is looked for after the change. */
  async find(key: string, request: HttpRequest): Promise<StoredResponse | undefined> {
    await this.#changes.settled(key);
    const doubt = this.#doubts.of(key);
    if (doubt !== undefined) await this.#mend(key, doubt);
    const now = Date.now();
    const stored = storedResponses(await this.#cache.get(key));
    const invalidated = this.#invalidations.own(key);
    return stored.find((each) => each.deleteAt > now && isSince(each, invalidated) && matches(request, each.vary));
  }

  /**
   * Puts a response in the place of the one that the same request would have had, unless it was invalidated since it was asked for. Whoever
   * cannot do so within the timeout, waiting for the changes before included, gives it up.
   */
  add(key: string, arrived: Arrived): Promise<void> {
    const before = this.#changes.settled(key);
    const put = async ({ signal }: { readonly signal: AbortSignal }): Promise<void> => {
      await before;
      signal.throwIfAborted();
      await this.#put(key, arrived, signal);
    };
    return this.#changes.begin(key, async () => {
      try {
        await inTime(this.#timeout, undefined, put);
      } catch (error) {
        // It may be there all the same.
        if (!isRefusal(error)) this.#doubts.add(key, {});
        throw error;
      }
    });
  }

  async #put(key: string, { request, response, asked, bytes }: Arrived, signal: AbortSignal): Promise<void> {
    const doubt = this.#doubts.of(key);
    const invalidated = await this.#invalidations.latest(key);
    if (asked <= invalidated) return;
    const now = Date.now();
    const body = bytes.byteLength <= SMALL ? { bytes } : { digest: await this.#cache.blobs.put(bytes, { signal }) };
    const before = doubt?.unremoved === true ? [] : storedResponses(await this.#cache.get(key));
    const others = before.filter(
      (each) => each.deleteAt > now && isSince(each, invalidated) && !matches(request, each.vary),
    );
    const kept: StoredResponse[] = [{ ...response, asked, body }, ...others].slice(0, MOST_VARIANTS);
    const ttl = timeLeft(Math.max(...kept.map(({ deleteAt }) => deleteAt)) - now);
    const needs = kept.flatMap((each) => ("digest" in each.body ? [each.body.digest] : []));
    if (ttl === 0) return;
    signal.throwIfAborted();
    await this.#cache.set(key, kept, { ttl, needs: [...new Set(needs)], signal });
    // After the response is there: who invalidates says so first and deletes then, so that one of both meets the other's. Also when nobody
    // waits any more, hence without the signal.
    await this.#dropInvalidated(key, kept);
    if (doubt?.unannounced === undefined) this.#doubts.settle(key, doubt);
  }

  /** @throws what the look failed with; then what could not be looked at goes too */
  async #dropInvalidated(key: string, kept: readonly StoredResponse[]): Promise<void> {
    try {
      const invalidated = await this.#invalidations.latest(key);
      if (kept.every((each) => isSince(each, invalidated))) return;
    } catch (error) {
      // The first failure is the one that is told.
      await this.#cache.delete(key).catch(() => {});
      throw error;
    }
    await this.#cache.delete(key);
  }

  /**
   * Removes all responses under a key. Nothing is waited for: who is storing one meanwhile takes it out again.
   * @param isInvalidation - whether what others store meanwhile must go as well
   * @throws the first failure, when all was tried
   */
  remove(key: string, isInvalidation: boolean): Promise<void> {
    const doubt = this.#doubts.of(key);
    const unannounced = isInvalidation ? this.#invalidations.begin(key) : doubt?.unannounced;
    return this.#changes.begin(key, () => this.#forget(key, doubt, { unannounced, unremoved: true }));
  }

  /** Looks at what lies under a key that is in doubt, and removes it if it was invalidated. What others stored since stays. */
  async #mend(key: string, doubt: Doubt): Promise<void> {
    const { unannounced = Number.NEGATIVE_INFINITY } = doubt;
    const announced = await this.#invalidations.announced(key);
    const invalidated = Math.max(announced, unannounced, this.#invalidations.own(key));
    const unremoved = doubt.unremoved === true || (await this.#holdsOlder(key, invalidated));
    // What others said since says more.
    await this.#forget(key, doubt, { unannounced: unannounced > announced ? unannounced : undefined, unremoved });
  }

  /** Whether anything under a key was asked for at a time or before, here or where others see it. */
  async #holdsOlder(key: string, time: number): Promise<boolean> {
    if (time === Number.NEGATIVE_INFINITY) return false;
    const copies = [await this.#cache.get(key), await this.#cache.get(key, { origin: true })];
    return copies.flatMap(storedResponses).some((each) => !isSince(each, time));
  }

  /**
   * Announces and removes, in this order; what of it fails is in doubt.
   * @param doubt - what is settled by that
   */
  async #forget(key: string, doubt: Doubt | undefined, { unannounced, unremoved }: Doubt): Promise<void> {
    const announcing =
      unannounced !== undefined && (await this.#try((own) => this.#invalidations.announce(key, unannounced, own)));
    const removing = unremoved === true && (await this.#try((own) => this.#cache.delete(key, own)));
    this.#doubts.settle(key, doubt);
    const failures = [announcing, removing].filter((failure) => failure !== false);
    if (failures.length === 0) return;
    const left = { unannounced: isOpen(announcing) ? unannounced : undefined, unremoved: isOpen(removing) };
    if (failures.some(isOpen)) this.#doubts.add(key, left);
    throw failures[0]?.error;
  }

  /** What a change fails with, if it does. */
  async #try(change: (own: CallOptions) => Promise<void>): Promise<Failure | false> {
    try {
      await inTime(this.#timeout, undefined, change);
      return false;
    } catch (error) {
      return { error };
    }
  }
}

interface Failure {
  readonly error: unknown;
}

/** A cache that may not write has changed nothing, and has nothing to mend. */
function isRefusal(error: unknown): boolean {
  return isCacheError(error, "ERR_CACHE_READ_ONLY");
}

/** Whether a failure leaves something to be done. */
function isOpen(failure: Failure | false): boolean {
  return failure !== false && !isRefusal(failure.error);
}

/** Whether a response was asked for after a time. */
function isSince({ asked = 0 }: StoredResponse, time: number): boolean {
  return asked > time;
}
