import type { MonotonicStore, Seen } from "@cache/core";
import { CacheError, storeError } from "@cache/core/adapter";
import { pae, utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { CLOCK_SKEW, encodeStatement, type Statement } from "@cache/core/record";

const LABEL = "cache/v1/rollback-package";

const rolledBack = (why: string): CacheError => new CacheError("ERR_CACHE_ROLLBACK", why);

/** Refuses packages that are older than one that was seen of the same name (format, "Packages"). */
export class PackageMemory {
  readonly #store: MonotonicStore;

  constructor(store: MonotonicStore) {
    this.#store = store;
  }

  /** @throws CacheError `ERR_CACHE_ROLLBACK`, `ERR_CACHE_STORE` */
  async check(statement: Statement, now: number): Promise<void> {
    const seen = await this.#store.get(scopeOf(statement)).catch((error: unknown) => {
      throw storeError("looking for what was seen", error);
    });
    if (seen !== undefined) compare(seenOf(statement), seen);
    // With a stolen key a name could otherwise be put out of everybody's reach for good.
    if (statement.sequence > now + CLOCK_SKEW) throw rolledBack("the package's sequence lies in the future");
  }

  /** Remembers a package that was verified. @throws CacheError `ERR_CACHE_ROLLBACK` when a newer one was seen meanwhile */
  async remember(statement: Statement): Promise<void> {
    const ours = seenOf(statement);
    const newest = await this.#store.advance(scopeOf(statement), ours).catch((error: unknown) => {
      throw storeError("remembering what was seen", error);
    });
    compare(ours, newest);
  }
}

const scopeOf = ({ namespace, key }: Statement): Uint8Array => crypto.sha256(pae(LABEL, utf8(namespace), key));

const seenOf = (statement: Statement): Seen => ({
  sequence: statement.sequence,
  digest: crypto.sha256(encodeStatement(statement)),
});

function compare(ours: Seen, seen: Seen): void {
  if (ours.sequence < seen.sequence) throw rolledBack("a newer package of this name was seen");
  if (ours.sequence === seen.sequence && !crypto.equal(ours.digest, seen.digest))
    throw rolledBack("another package of this name and sequence was seen");
}
