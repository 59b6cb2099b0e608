import type { Member } from "../manifest/manifest.ts";
import type { About } from "./about.ts";
import { refuse } from "./fields.ts";

/** As stores name what they hold. */
const STORED = /^(blobs|entries|notes)\/[0-9a-f]{64}$/;

/**
 * Whether a package of entries has nothing else: what a store holds, under the names that it has there and in the bytes that it has there.
 * @throws CacheError `ERR_CACHE_FORMAT`
 */
export function checkEntries({ contents, launch, members: notes }: About, members: readonly Member[]): void {
  if (launch !== undefined) throw refuse("entries of a cache have a command");
  if (notes.length > 0) throw refuse("of entries of a cache it tells more than that they are such");
  for (const { path, type } of members) {
    const kind = STORED.exec(path)?.[1];
    if (type !== "file" || kind === undefined) throw refuse("among entries of a cache there is something else");
    if (kind === "notes" && contents === "entries") throw refuse("entries that are not sealed have notes");
  }
}
