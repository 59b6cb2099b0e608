import type { HttpHeaders } from "./request.ts";

/** What is known of a response besides its body. Times are milliseconds since 1970 UTC. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: HttpHeaders;
  /** The headers of the request that it was chosen by. */
  readonly vary?: HttpHeaders | undefined;
  readonly etag?: string | undefined;
  readonly cacheControlDirectives?: object | undefined;
  readonly cachedAt: number;
  readonly staleAt: number;
  readonly deleteAt: number;
}

/** A response as it is stored: a small body with it, a larger one as content of its own. */
export interface StoredResponse extends HttpResponse {
  /** When it was asked for. Of an earlier release it has none. */
  readonly asked?: number | undefined;
  readonly body: { readonly bytes: Uint8Array } | { readonly digest: string };
}

/** Fields that are stored; whatever else comes with them is not. */
export function responseOf(value: HttpResponse): HttpResponse {
  const { statusCode, statusMessage, headers, etag, cacheControlDirectives, cachedAt, staleAt, deleteAt } = value;
  const vary = value.vary && ownHeaders(value.vary);
  return { statusCode, statusMessage, headers, vary, etag, cacheControlDirectives, cachedAt, staleAt, deleteAt };
}

/** Undici finds what every object has for a header that is called as that is, such as `constructor`. */
function ownHeaders(headers: HttpHeaders): HttpHeaders {
  const isHeader = (value: unknown): boolean => typeof value === "string" || Array.isArray(value);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, isHeader(value) ? value : null]));
}

/** What was stored, as far as it is that: other versions may have had other forms. */
export function storedResponses(value: unknown): StoredResponse[] {
  return Array.isArray(value) ? value.filter(isStored) : [];
}

function isStored(value: Partial<StoredResponse> | null | undefined): value is StoredResponse {
  const { statusCode, headers, cachedAt, staleAt, deleteAt, body } = value ?? {};
  const numbers = [statusCode, cachedAt, staleAt, deleteAt];
  if (!numbers.every((each) => typeof each === "number") || typeof headers !== "object" || headers === null)
    return false;
  const { bytes, digest } = (body ?? {}) as { bytes?: unknown; digest?: unknown };
  return bytes instanceof Uint8Array || (typeof digest === "string" && /^[0-9a-f]{64}$/.test(digest));
}
