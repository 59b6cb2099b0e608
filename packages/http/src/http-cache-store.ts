import { Buffer } from "node:buffer";
import { type Cache, structuredCodec } from "@cache/core";
import { inTime, notify } from "@cache/core/adapter";
import { BodyWriter } from "./body-writer.ts";
import { type HttpCacheStoreOptions, type Settings, settle } from "./options.ts";
import { type HttpRequest, keyOf } from "./request.ts";
import { type HttpResponse, responseOf, type StoredResponse } from "./response.ts";
import { Responses } from "./responses.ts";

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

class Store implements HttpCacheStore {
  readonly #cache: Cache;
  readonly #settings: Settings;
  readonly #responses: Responses;
  /** When requests began that went to their origin, in milliseconds since 1970 UTC. Undici has one object for each. */
  readonly #asked = new WeakMap<HttpRequest, number>();

  constructor(cache: Cache, settings: Settings) {
    this.#cache = cache.namespace(settings.namespace, { codec: structuredCodec });
    this.#responses = new Responses(this.#cache, settings.timeout);
    this.#settings = settings;
  }

  async get(request: HttpRequest): Promise<object | undefined> {
    const { timeout, onError } = this.#settings;
    const found = await inTime(timeout, undefined, () => this.#find(request)).catch((error: unknown) => {
      notify(onError, error);
      return undefined;
    });
    // Undici asks the origin now. It looks here again when the answer is that what is stale still holds.
    if (!this.#asked.has(request)) this.#asked.set(request, Date.now());
    return found;
  }

  async #find(request: HttpRequest): Promise<object | undefined> {
    const found = await this.#responses.find(keyOf(request), request);
    return found && (await this.#whole(found));
  }

  async #whole({ body, asked: _, ...response }: StoredResponse): Promise<object | undefined> {
    const bytes = "bytes" in body ? body.bytes : await this.#cache.blobs.get(body.digest);
    if (bytes === undefined) return undefined;
    // Undici reads a list of pieces, more than once where it has to.
    const pieces = bytes.byteLength === 0 ? [] : [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)];
    return { cacheControlDirectives: {}, ...response, body: pieces };
  }

  createWriteStream(request: HttpRequest, response: HttpResponse): BodyWriter | undefined {
    if (response.deleteAt <= Date.now()) return undefined;
    const key = keyOf(request);
    const arrived = {
      request: { ...request, headers: { ...request.headers } },
      response: responseOf(response),
      asked: this.#asked.get(request) ?? Date.now(),
    };
    return new BodyWriter(this.#settings.maxEntrySize, (bytes) =>
      this.#responses.add(key, { ...arrived, bytes }).catch((error: unknown) => this.#failed(error)),
    );
  }

  async delete(request: HttpRequest): Promise<void> {
    // Without a request of its own it is a change that others have to hear of, and not a response that must not be kept.
    const isInvalidation = !this.#asked.has(request);
    try {
      await this.#responses.remove(keyOf(request), isInvalidation);
    } catch (error) {
      notify(this.#settings.onError, error);
    }
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
