import { crypto } from "#platform";
import { RecentMap } from "../adapter/recent-map.ts";
import type { Signer } from "../ports/signer.ts";
import type { Name } from "../ports/store.ts";
import { type ProvenRecord, requireValid } from "../record/proof.ts";

/** Most records that a cache remembers. */
const MOST = 8192;
/** Longest record that is remembered, in bytes and without its payload. */
const LONGEST = 1024;

/**
 * Records whose proof held, so that a process verifies and reads each once. What is remembered says something about the very same
 * bytes only, and only while the signer still believes the key; name, times and payload are looked at every time.
 */
export class KnownRecords {
  readonly #known = new RecentMap<Name, ProvenRecord>(MOST);

  /**
   * What was found of the same bytes before; `undefined` when they were not seen, or other bytes lay under the name.
   * @throws CacheError `ERR_CACHE_UNKNOWN_KEY`, `ERR_CACHE_REVOKED_KEY` when their key is not believed any more
   */
  recall(name: Name, record: Uint8Array, signer: Signer): ProvenRecord | undefined {
    const known = signer.standing && this.#known.get(name);
    if (signer.standing === undefined || known === undefined || !begins(record, known.front)) return undefined;
    const { retired } = requireValid(signer.standing(known));
    return retired === known.retired ? known : { ...known, retired };
  }

  remember(name: Name, proven: ProvenRecord): void {
    if (proven.front.byteLength <= LONGEST) this.#known.set(name, proven);
  }
}

const begins = (bytes: Uint8Array, front: Uint8Array): boolean =>
  bytes.byteLength >= front.byteLength && crypto.equal(bytes.subarray(0, front.byteLength), front);
