import { CacheError, type CacheErrorCode, isCacheError } from "@cache/core";
import type { DeltaEvent } from "./events.ts";
import type { Settings } from "./options.ts";
import type { Measure } from "./source.ts";

/** What the cache answers for stored bytes that are not to be believed. Anything else, such as a store that fails, is thrown on. */
const REFUSALS: ReadonlySet<string> = new Set([
  "ERR_CACHE_AUTH",
  "ERR_CACHE_FORMAT",
  "ERR_CACHE_ROLLBACK",
  "ERR_CACHE_UNSUPPORTED_SUITE",
  "ERR_CACHE_UNSUPPORTED_VERSION",
  "ERR_CACHE_UNKNOWN_KEY",
  "ERR_CACHE_REVOKED_KEY",
]);

/** The refusal an error is; anything else is thrown on. */
export function refusalOf(error: unknown): CacheError {
  if (isCacheError(error) && REFUSALS.has(error.code)) return error;
  throw error;
}

/** Whether it says that other keys wrote, which is no attack by itself. */
export const isForeign = (code: CacheErrorCode): boolean =>
  code === "ERR_CACHE_UNKNOWN_KEY" || code === "ERR_CACHE_REVOKED_KEY";

/** The event for a refusal. */
export function rejected({ code }: CacheError, part: DeltaEvent["part"]): Omit<DeltaEvent, "time"> {
  return { type: "rejected", level: isForeign(code) ? "warning" : "security", part, code };
}

/** What was found, or why not: without a refusal it is lost. */
export type Answer<T> =
  | { readonly found: T }
  | { readonly found?: undefined; readonly refusal?: CacheError | undefined };

/** Tells why something cannot be had. */
function missing(
  { tell }: Settings,
  part: DeltaEvent["part"],
  refusal?: CacheError,
): { readonly refusal: CacheError | undefined } {
  tell(refusal === undefined ? { type: "lost", level: "warning", part } : rejected(refusal, part));
  return { refusal };
}

/** Opens content that the record of a version names. */
export async function openContent(
  settings: Settings,
  digest: string,
  part: "reference" | "content",
  signal?: AbortSignal,
): Promise<Answer<AsyncIterable<Uint8Array>>> {
  try {
    const found = await settings.versions.blobs.open(digest, { signal });
    return found === undefined ? missing(settings, part) : { found };
  } catch (error) {
    return missing(settings, part, refusalOf(error));
  }
}

const wrongSize = (): CacheError => new CacheError("ERR_CACHE_AUTH", "the content is not as long as it is said to be");

/** @throws CacheError `ERR_CACHE_AUTH` for more or fewer bytes than the size */
export async function readSized(pieces: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const piece of pieces) {
    if (piece.byteLength > size - at) throw wrongSize();
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  if (at !== size) throw wrongSize();
  return bytes;
}

/**
 * A reference in memory. Its digest was verified over the very bytes that are returned, so that nothing can be changed
 * between the check and the use.
 * @throws CacheError `ERR_CACHE_LIMIT` for one larger than `maxReferenceBytes`
 */
export async function loadReference(
  settings: Settings,
  { digest, size }: Measure,
  signal?: AbortSignal,
): Promise<Answer<Uint8Array>> {
  if (size > settings.maxReferenceBytes) {
    throw new CacheError("ERR_CACHE_LIMIT", "the reference is larger than maxReferenceBytes");
  }
  const pieces = await openContent(settings, digest, "reference", signal);
  if (pieces.found === undefined) return pieces;
  try {
    return { found: await readSized(pieces.found, size) };
  } catch (error) {
    return missing(settings, "reference", refusalOf(error));
  }
}
