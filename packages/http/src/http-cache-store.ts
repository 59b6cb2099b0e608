import { Buffer } from "node:buffer";
import { type Cache, structuredCodec } from "@cache/core";
import { inTime, notify, RecentMap, timeLeft } from "@cache/core/adapter";
import { BodyWriter } from "./body-writer.ts";
import { Changes } from "./changes.ts";
import { Invalidations } from "./invalidations.ts";
import { type HttpCacheStoreOptions, type Settings, settle } from "./options.ts";
import { type HttpRequest, keyOf, matches } from "./request.ts";
import { type HttpResponse, responseOf, type StoredResponse, storedResponses } from "./response.ts";

/** A store as `interceptors.cache` of undici takes it. */
export interface HttpCacheStore {
  /** The response to a request, whole and verified; `undefined` when there is none. Never rejects. */
  // biome-ignore lint/suspicious/noExplicitAny: undici's type is made of Node's, which declarations here go without
  get(request: HttpRequest): Promise<any>;
  /** Takes the body of a response, which is stored when it ended; `undefined` for one that would be over already. */
  // biome-ignore lint/suspicious/noExplicitAny: as for `get`
  createWriteStream(request: HttpRequest, response: HttpResponse): any;
  /** Removes all responses to a method for an address. Never rejects, since undici would not hear it. */
  delete(request: HttpRequest): Promise<void>;
}

/** Responses to one method for one address that are kept beside each other. */
const MOST_VARIANTS = 64;
/** Invalidations that failed and are remembered. */
const MOST_DOUBTS = 10_000;
/** Longest body that is kept in the entry itself. */
const SMALL = 16_384;

class Store implements HttpCacheStore {
  readonly #responses: Cache;
  readonly #settings: Settings;
  readonly #changes = new Changes();
  /** When requests began that went to their origin, in milliseconds since 1970 UTC. Undici has one object for each. */
  readonly #asked = new WeakMap<HttpRequest, number>();
  readonly #invalidations: Invalidations;
  /** Keys under which may lie what was invalidated. */
  readonly #doubted = new RecentMap<string, boolean>(MOST_DOUBTS);

  constructor(cache: Cache, settings: Settings) {
    this.#responses = cache.namespace(settings.namespace, { codec: structuredCodec });
    this.#invalidations = new Invalidations(this.#responses);
    this.#settings = settings;
  }

  async get(request: HttpRequest): Promise<object | undefined> {
    const key = keyOf(request);
    const { timeout, onError } = this.#settings;
    const found = await inTime(timeout, undefined, () => this.#find(key, request)).catch((error: unknown) => {
      notify(onError, error);
      return undefined;
    });
    // Undici asks the origin now. It looks here again when the answer is that what is stale still holds.
    if (!this.#asked.has(request)) this.#asked.set(request, Date.now());
    return found;
  }

  async #find(key: string, request: HttpRequest): Promise<object | undefined> {
    // An address that was just invalidated is asked for again before that is done.
    await this.#changes.settled(key);
    if (this.#doubted.get(key) === true) await this.#forget(key, true);
    const now = Date.now();
    const stored = storedResponses(await this.#responses.get(key));
    const isStill = ({ deleteAt, asked = 0 }: StoredResponse): boolean =>
      deleteAt > now && !this.#invalidations.isOwn(key, asked);
    const found = stored.find((each) => isStill(each) && matches(request, each.vary));
    return found && (await this.#whole(found));
  }

  async #whole({ body, asked: _, ...response }: StoredResponse): Promise<object | undefined> {
    const bytes = "bytes" in body ? body.bytes : await this.#responses.blobs.get(body.digest);
    if (bytes === undefined) return undefined;
    // Undici reads a list of pieces, more than once where it has to.
    const pieces = bytes.byteLength === 0 ? [] : [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)];
    return { cacheControlDirectives: {}, ...response, body: pieces };
  }

  createWriteStream(request: HttpRequest, response: HttpResponse): BodyWriter | undefined {
    if (response.deleteAt <= Date.now()) return undefined;
    const key = keyOf(request);
    const [own, ofRequest] = [responseOf(response), { ...request, headers: { ...request.headers } }];
    const asked = this.#asked.get(request) ?? Date.now();
    const keep = (body: Uint8Array) => this.#changes.make(key, () => this.#add(asked, ofRequest, own, body));
    return new BodyWriter(this.#settings.maxEntrySize, (body) =>
      keep(body).catch((error: unknown) => this.#failed(error)),
    );
  }

  /** Puts a response in the place of the one that the same request would have had, unless it was invalidated since it was asked for. */
  async #add(asked: number, request: HttpRequest, response: HttpResponse, bytes: Uint8Array): Promise<void> {
    const key = keyOf(request);
    if (await this.#invalidations.isAny(key, asked)) return;
    const now = Date.now();
    const body = bytes.byteLength <= SMALL ? { bytes } : { digest: await this.#responses.blobs.put(bytes) };
    const before = this.#doubted.get(key) === true ? [] : storedResponses(await this.#responses.get(key));
    const others = before.filter(({ vary, deleteAt }) => deleteAt > now && !matches(request, vary));
    const kept: StoredResponse[] = [{ ...response, asked, body }, ...others].slice(0, MOST_VARIANTS);
    const ttl = timeLeft(Math.max(...kept.map(({ deleteAt }) => deleteAt)) - now);
    const needs = kept.flatMap((each) => ("digest" in each.body ? [each.body.digest] : []));
    if (ttl === 0) return;
    this.#doubted.set(key, true);
    await this.#responses.set(key, kept, { ttl, needs: [...new Set(needs)] });
    // After the response is there: who invalidates says so first and deletes then, so that one of both meets the other's.
    if (!(await this.#isCurrent(key, asked))) await this.#responses.delete(key);
    this.#doubted.set(key, false);
  }

  /** @throws what the look failed with, when what could not be looked at is gone again */
  async #isCurrent(key: string, asked: number): Promise<boolean> {
    try {
      return !(await this.#invalidations.isAny(key, asked));
    } catch (error) {
      await this.#responses.delete(key);
      throw error;
    }
  }

  async delete(request: HttpRequest): Promise<void> {
    const key = keyOf(request);
    // Without a request of its own it is a change that others have to hear of, and not a response that must not be kept.
    const isInvalidation = !this.#asked.has(request);
    if (isInvalidation) this.#invalidations.begin(key);
    try {
      await this.#changes.make(key, () => this.#forget(key, isInvalidation));
    } catch (error) {
      notify(this.#settings.onError, error);
    }
  }

  async #forget(key: string, isInvalidation: boolean): Promise<void> {
    this.#doubted.set(key, true);
    if (isInvalidation) await this.#invalidations.announce(key);
    await this.#responses.delete(key);
    this.#doubted.set(key, false);
  }

  /** The stream fails as well, so that undici takes the response for not stored; it tells nobody. */
  #failed(error: unknown): never {
    notify(this.#settings.onError, error);
    throw error;
  }
}

/**
 * A store over a cache, for `interceptors.cache({ store })` of undici 7 or 8. Responses lie in a namespace of their own, whatever codec the
 * cache has.
 * @throws TypeError for an option that there is none of, or out of its bounds
 */
export function httpCacheStore(cache: Cache, options: HttpCacheStoreOptions = {}): HttpCacheStore {
  return new Store(cache, settle(options));
}
