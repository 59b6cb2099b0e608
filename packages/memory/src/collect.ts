import { CacheError, collectDraft, type Draft, type Name } from "@cache/core/adapter";

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
  let length = draft.headLength;
  async function* fitting(): AsyncGenerator<Uint8Array> {
    for await (const piece of draft.body) {
      length += piece.length;
      if (!fits(length)) throw tooLong();
      yield piece;
    }
  }
  const { headLength } = draft;
  return collectDraft({ headLength, body: fitting(), finish: () => draft.finish() }, { signal });
}
