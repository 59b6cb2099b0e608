import { once } from "node:events";
import type { Cache } from "@cache/core";
import { type HttpCacheStoreOptions, type HttpRequest, httpCacheStore } from "@cache/http";

/** Undici has an object of its own for each request. */
export function requestOf(path = "/", method = "GET"): HttpRequest {
  return { origin: "http://a.example", method, path, headers: {} };
}

/** What undici does with a store, step by step, as one of many processes. */
export class Process {
  readonly store: ReturnType<typeof httpCacheStore>;
  /** What its store told of. */
  readonly errors: unknown[] = [];

  constructor(cache: Cache, options: HttpCacheStoreOptions = {}) {
    this.store = httpCacheStore(cache, { onError: (error) => this.errors.push(error), ...options });
  }

  /** The body that a request is answered with. */
  async read(request: HttpRequest = requestOf()): Promise<string | undefined> {
    const found = await this.store.get(request);
    return found && Buffer.concat(found.body).toString();
  }

  /** Asks for what is not there, later than everything before. */
  async ask(request: HttpRequest = requestOf()): Promise<HttpRequest> {
    const before = Date.now();
    while (Date.now() === before) await new Promise((resolve) => setImmediate(resolve));
    await this.store.get(request);
    return request;
  }

  /** Stores what a request was answered with. */
  async keep(request: HttpRequest, body: string): Promise<void> {
    const now = Date.now();
    const times = { cachedAt: now, staleAt: now + 600_000, deleteAt: now + 600_000 };
    const stream = this.store.createWriteStream(request, { statusCode: 200, statusMessage: "", headers: {}, ...times });
    const finished = once(stream, "finish");
    stream.end(body);
    await finished;
  }

  /** Both. */
  async fetch(body: string, request?: HttpRequest): Promise<void> {
    await this.keep(await this.ask(request), body);
  }
}
