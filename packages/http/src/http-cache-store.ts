import { Buffer } from "node:buffer";
import { emitWarning } from "node:process";
import { type Cache, isCacheError, structuredCodec } from "@cache/core";
import { checkOptions, notify, parseSize, RecentMap, type Size, timeLeft } from "@cache/core/adapter";
import { BodyWriter } from "./body-writer.ts";
import { Changes } from "./changes.ts";
import { type Arrival, InFlight } from "./in-flight.ts";
import { type HttpRequest, keyOf, matches } from "./request.ts";
import { type HttpResponse, responseOf, type StoredResponse, storedResponses } from "./response.ts";

/** What may be said of a store. */
export interface HttpCacheStoreOptions {
  /**
   * The namespace within the cache that responses lie in: not empty, without `/`.
   * @defaultValue `"http"`
   */
  readonly namespace?: string | undefined;
  /**
   * Longest body that is stored; it is held in memory. The cache has a bound of its own, `maxBufferedBytes`.
   * @defaultValue 5 MiB
   */
  readonly maxEntrySize?: Size | undefined;
  /**
   * Hears of failures of the cache. Requests go to their origin then.
   * @defaultValue a warning of the process
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

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

const OPTIONS = ["namespace", "maxEntrySize", "onError"] as const;

class Store implements HttpCacheStore {
  readonly #responses: Cache;
  readonly #limit: number;
  readonly #onError: (error: unknown) => void;
  readonly #changes = new Changes();
  readonly #inFlight = new InFlight();
  /** Keys that could not be deleted when they had to be. */
  readonly #doubted = new RecentMap<string, boolean>(MOST_DOUBTS);

  constructor(cache: Cache, { namespace = "http", maxEntrySize, onError = warn }: HttpCacheStoreOptions) {
    this.#responses = cache.namespace(namespace, { codec: structuredCodec });
    this.#limit = parseSize(maxEntrySize ?? 5_242_880);
    this.#onError = onError;
  }

  async get(request: HttpRequest): Promise<object | undefined> {
    const key = keyOf(request);
    // An address that was just invalidated is asked for again before that is done.
    await this.#changes.settled(key);
    try {
      if (this.#doubted.get(key) === true) await this.#forget(key);
      const now = Date.now();
      const stored = storedResponses(await this.#responses.get(key));
      const found = stored.find(({ vary, deleteAt }) => deleteAt > now && matches(request, vary));
      return found && (await this.#whole(found));
    } catch (error) {
      notify(this.#onError, error);
      return undefined;
    }
  }

  async #whole({ body, ...response }: StoredResponse): Promise<object | undefined> {
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
    const arrival = this.#inFlight.begin(key);
    const keep = (body: Uint8Array) => this.#changes.make(key, () => this.#add(arrival, ofRequest, own, body));
    return new BodyWriter(
      this.#limit,
      (body) => keep(body).catch((error: unknown) => this.#failed(error)),
      () => this.#inFlight.end(arrival),
    );
  }

  /** Puts a response in the place of the one that the same request would have had. */
  async #add(arrival: Arrival, request: HttpRequest, response: HttpResponse, bytes: Uint8Array): Promise<void> {
    const { key, isOutdated } = arrival;
    if (isOutdated) return;
    const now = Date.now();
    const body = bytes.byteLength <= SMALL ? { bytes } : { digest: await this.#responses.blobs.put(bytes) };
    const before = this.#doubted.get(key) === true ? [] : storedResponses(await this.#responses.get(key));
    const others = before.filter(({ vary, deleteAt }) => deleteAt > now && !matches(request, vary));
    const kept: StoredResponse[] = [{ ...response, body }, ...others].slice(0, MOST_VARIANTS);
    const ttl = timeLeft(Math.max(...kept.map(({ deleteAt }) => deleteAt)) - now);
    const needs = kept.flatMap((each) => ("digest" in each.body ? [each.body.digest] : []));
    if (ttl === 0) return;
    await this.#responses.set(key, kept, { ttl, needs: [...new Set(needs)] });
    this.#doubted.set(key, false);
  }

  async delete(request: HttpRequest): Promise<void> {
    const key = keyOf(request);
    this.#inFlight.invalidate(key);
    try {
      await this.#changes.make(key, () => this.#forget(key));
    } catch (error) {
      notify(this.#onError, error);
    }
  }

  async #forget(key: string): Promise<void> {
    this.#doubted.set(key, true);
    await this.#responses.delete(key);
    this.#doubted.set(key, false);
  }

  /** The stream fails as well, so that undici takes the response for not stored; it tells nobody. */
  #failed(error: unknown): never {
    notify(this.#onError, error);
    throw error;
  }
}

function warn(error: unknown): void {
  const code = isCacheError(error) ? error.code : "ERR_CACHE_STORE";
  emitWarning("the HTTP cache failed, and requests go to their origin", {
    type: "CacheWarning",
    code,
    detail: String(error),
  });
}

/**
 * A store over a cache, for `interceptors.cache({ store })` of undici 7 or 8. Responses lie in a namespace of their own, whatever codec the
 * cache has.
 * @throws TypeError for an option that there is none of, or out of its bounds
 */
export function httpCacheStore(cache: Cache, options: HttpCacheStoreOptions = {}): HttpCacheStore {
  checkOptions("httpCacheStore", options, OPTIONS);
  return new Store(cache, options);
}
