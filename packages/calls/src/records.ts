import type { Cache, CallOptions, Duration } from "@cache/core";
import type { CallRecord, StoredCall } from "./record.ts";
import { isResultKey, parseRecordKey, type RecordKey, recordKeyText } from "./record-key.ts";

/** The records of one namespace, each an entry of its own. */
export class Records {
  readonly #cache: Cache<StoredCall>;

  constructor(cache: Cache<StoredCall>) {
    this.#cache = cache;
  }

  /** @throws TypeError for a call that is none */
  async add({ id, name, version, digest, started, ...stored }: CallRecord, ttl: Duration | undefined): Promise<void> {
    const key = { id, name, version, digest, started };
    if (!isResultKey(key, stored.key)) throw new TypeError("the key is not that of the call's result");
    await this.#cache.set(recordKeyText(key), stored, { ttl });
  }

  /** What keys claim, in no order; nothing is verified yet. What else lies in the namespace is passed over. */
  async *keys(options?: CallOptions): AsyncGenerator<RecordKey, void, undefined> {
    for await (const text of this.#cache.keys(options)) {
      const key = parseRecordKey(text);
      if (key !== undefined) yield key;
    }
  }

  /** A record, if there is one that is believed, and that names a result of the function it is of. */
  async load(key: RecordKey, options?: CallOptions): Promise<CallRecord | undefined> {
    const stored = await this.#cache.get(recordKeyText(key), options);
    return stored !== undefined && isResultKey(key, stored.key) ? { ...key, ...stored } : undefined;
  }

  async delete(key: RecordKey, options?: CallOptions): Promise<void> {
    await this.#cache.delete(recordKeyText(key), options);
  }
}
