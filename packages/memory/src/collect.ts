import { CacheError, type Draft, type Name } from "@cache/core/adapter";

/** What a value rejects with that could not be held even alone. */
export function tooLong(): CacheError {
  return new CacheError("ERR_CACHE_LIMIT", "the value is longer than the store may hold");
}

/**
 * Reads a draft whole, and no further than its value fits.
 * @param fits - whether a value of so many bytes could be held
 * @throws CacheError `ERR_CACHE_LIMIT` as soon as it does not
 */
export async function collectWithin(
  draft: Draft,
  fits: (length: number) => boolean,
  signal: AbortSignal | undefined,
): Promise<{ name: Name; bytes: Uint8Array }> {
  signal?.throwIfAborted();
  const parts: Uint8Array[] = [];
  let length = draft.headLength;
  for await (const piece of draft.body) {
    signal?.throwIfAborted();
    length += piece.length;
    if (!fits(length)) throw tooLong();
    // Not slice: that of a Node Buffer shares memory.
    parts.push(new Uint8Array(piece));
  }
  const { name, head } = draft.finish();
  const bytes = new Uint8Array(length);
  bytes.set(head);
  let at = head.length;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { name, bytes };
}
