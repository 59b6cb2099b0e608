import type { Sealer } from "@cache/core";
import { CacheError } from "@cache/core/adapter";
import type { Head } from "../file/head.ts";

/**
 * What opens the entries of a verified package; nothing for those that are not sealed.
 * @throws CacheError `ERR_CACHE_FORMAT`, `ERR_CACHE_UNKNOWN_KEY`, `ERR_CACHE_UNSIGNED`
 */
export function sealOf({ about: { contents }, algorithm }: Head, seal: Sealer | undefined): Sealer | undefined {
  if (contents === undefined)
    throw new CacheError("ERR_CACHE_FORMAT", "the package holds files and no entries of a cache");
  if (contents === "sealed-entries") {
    if (seal === undefined)
      throw new CacheError("ERR_CACHE_UNKNOWN_KEY", "the entries are sealed, and no key opens them");
    return seal;
  }
  // Who has a key and no signer believes by the seal alone; without it anybody could have written these.
  if (seal !== undefined && algorithm === 0)
    throw new CacheError("ERR_CACHE_UNSIGNED", "the entries are neither sealed nor signed");
  return undefined;
}
