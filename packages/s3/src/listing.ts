import { CacheError, type Kind, type Listed } from "@cache/core/adapter";
import type { S3Listed, S3Page } from "./bucket.ts";
import type { Context } from "./context.ts";
import { valueSize } from "./envelope.ts";

/** Pages in a row without a row of use: more of them than this, and a server is making fun of its clients. */
export const MOST_EMPTY = 1_000;

/** `list` of the store: the rows of one page after the other, which is all that is held. */
export async function* listValues(
  { bucket, asker, layout }: Context,
  kind: Kind,
  signal: AbortSignal | undefined,
): AsyncGenerator<Listed, void, undefined> {
  const prefix = layout.folderOf(kind);
  let token: string | undefined;
  let last = "";
  let empty = 0;
  do {
    const page: S3Page<S3Listed> = await asker.need({ doing: "listing", signal }, (signal) =>
      bucket.listObjects({ prefix, token, signal }),
    );
    if (page.token !== undefined && page.token === token) throw notOnward();
    empty = page.rows.length === 0 ? empty + 1 : 0;
    if (empty > MOST_EMPTY) throw notOnward();
    for (const { key, size, modified } of page.rows) {
      const name = layout.nameOf(key);
      if (name === undefined || !key.startsWith(prefix)) continue;
      // Only in their order is every key known to come once, and the listing to end.
      if (key <= last) throw new CacheError("ERR_CACHE_STORE", "the listing of the store is out of order");
      last = key;
      yield { name, size: valueSize(size), modified };
      signal?.throwIfAborted();
    }
    token = page.token;
  } while (token !== undefined);
}

/** For a listing that goes round in circles, or on without a row. */
export function notOnward(): CacheError {
  return new CacheError("ERR_CACHE_STORE", "the listing of the store does not come to an end");
}
