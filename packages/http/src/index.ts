/**
 * A store for the HTTP cache of undici over a cache: responses are verified when they are read.
 * @packageDocumentation
 */
export { type HttpCacheStore, httpCacheStore } from "./http-cache-store.ts";
export type { HttpCacheStoreOptions } from "./options.ts";
export type { HttpHeaders, HttpRequest } from "./request.ts";
export type { HttpResponse } from "./response.ts";
