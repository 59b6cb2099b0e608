import { CacheError } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import type { Revocations } from "./revocations.ts";

/**
 * The list of each root that counts, the one with the highest number, by the root's id in hexadecimal.
 * @throws CacheError `ERR_CACHE_ROLLBACK` for two different lists of one root with one number
 */
export function newestRevocations(lists: Iterable<Revocations>): ReadonlyMap<string, Revocations> {
  const numbered = new Map<string, Revocations>();
  const newest = new Map<string, Revocations>();
  for (const list of lists) {
    const issuer = toHex(list.issuer);
    const numberOfIssuer = `${issuer} ${list.number}`;
    const twin = numbered.get(numberOfIssuer);
    // Nobody can say which of them came later, so neither may hide what the other one revokes.
    if (twin !== undefined && !crypto.equal(twin.digest, list.digest))
      throw new CacheError("ERR_CACHE_ROLLBACK", `two lists of revocations of one root have the number ${list.number}`);
    numbered.set(numberOfIssuer, list);
    if (list.number > (newest.get(issuer)?.number ?? 0)) newest.set(issuer, list);
  }
  return newest;
}
