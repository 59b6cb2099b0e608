import {
  type Cache,
  CacheError,
  type Call,
  type CallLog,
  jsonCodec,
  type KeptItems,
  type KeptResult,
} from "@cache/core";
import { checkOptions } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import { environment } from "#environment";
import { Calls } from "./calls.ts";
import { type CallRecordsOptions, checkRecordsOptions } from "./options.ts";
import { type CallQuery, conditionsOf, QUERY_OPTIONS, shortDigits } from "./query.ts";
import type { CallRecord, StoredCall, Tags } from "./record.ts";
import type { RecordKey } from "./record-key.ts";
import { Records } from "./records.ts";
import { type RemoveOptions, type RemoveReport, removeCalls } from "./remove.ts";
import { limited, shownArguments } from "./shown.ts";
import { storedCallSchema } from "./stored-call.ts";

/** Candidates that an error lists. */
const MOST_LISTED = 10;

/** The accounts of calls in one cache. */
export interface CallRecords extends CallLog {
  /** Records a call; `memoize` does it for the log it was given. */
  record(call: Call): Promise<void>;

  /**
   * The calls for which all of this holds, the newest first. No result is read, and a record only when it is come to.
   * @throws TypeError for a query that is none
   */
  query(query?: CallQuery): Calls;

  /**
   * The call whose id begins with these 4 or more hexadecimal digits; `undefined` when there is none.
   * @throws TypeError for fewer digits; CacheError `ERR_CACHE_AMBIGUOUS`, which lists them, when there are several
   */
  find(id: string): Promise<CallRecord | undefined>;

  /** The result of a call; `undefined` when it is gone, not believed, or another one by now. */
  result(call: CallRecord): Promise<KeptResult<unknown> | KeptItems<unknown, unknown> | undefined>;

  /** Removes calls, and results of which no record is left. */
  remove(calls: AsyncIterable<CallRecord> | Iterable<CallRecord>, options?: RemoveOptions): Promise<RemoveReport>;

  /** The same log, which gives these tags to what it records, too. */
  tagged(tags: Tags): CallRecords;
}

class CacheCallRecords implements CallRecords {
  readonly #cache: Cache;
  readonly #records: Records;
  readonly #options: CallRecordsOptions;
  readonly #tags: Tags;

  constructor(cache: Cache, records: Records, options: CallRecordsOptions, tags: Tags) {
    this.#cache = cache;
    this.#records = records;
    this.#options = options;
    this.#tags = tags;
  }

  async record(call: Call): Promise<void> {
    const { hits = false, ttl } = this.#options;
    if (call.outcome === "hit" && !hits) return;
    const { name, version, digest, key, outcome, started, duration } = call;
    const facts = await this.#cache.stat(key);
    const record = { id: toHex(crypto.random(16)), name, version, digest, key, outcome, started, duration };
    const result = facts && { digest: facts.digest, size: facts.size };
    await this.#records.add({ ...record, result, ...this.#circumstances(call) }, ttl);
  }

  #circumstances({ args }: Call): Pick<CallRecord, "arguments" | "environment" | "tags"> {
    const { arguments: show = false, host = false, tags = {} } = this.#options;
    return {
      arguments: show === false ? undefined : limited(show === true ? shownArguments(args) : show(args)),
      environment: environment(host),
      tags: { ...(typeof tags === "function" ? tags() : tags), ...this.#tags },
    };
  }

  query(query: CallQuery = {}): Calls {
    checkOptions("a query", query, QUERY_OPTIONS);
    const { ofKey, ofRecord } = conditionsOf(query);
    return new Calls(() => this.#matching(ofKey, ofRecord));
  }

  async *#matching(
    ofKey: (key: RecordKey) => boolean,
    ofRecord: (record: CallRecord) => boolean,
  ): AsyncGenerator<CallRecord, void, undefined> {
    for (const key of await this.#keys(ofKey)) {
      const record = await this.#records.load(key);
      if (record !== undefined && ofRecord(record)) yield record;
    }
  }

  /** The newest first; those of one millisecond in the order of their ids, so that it is the same each time. */
  async #keys(wanted: (key: RecordKey) => boolean): Promise<RecordKey[]> {
    const keys: RecordKey[] = [];
    for await (const key of this.#records.keys()) if (wanted(key)) keys.push(key);
    return keys.sort((a, b) => b.started - a.started || (a.id < b.id ? -1 : 1));
  }

  async find(id: string): Promise<CallRecord | undefined> {
    const digits = shortDigits(id, 32);
    const found = await new Calls(() =>
      this.#matching(
        (key) => key.id.startsWith(digits),
        () => true,
      ),
    ).toArray();
    if (found.length > 1) throw ambiguous(found);
    return found[0];
  }

  async result(call: CallRecord): Promise<KeptResult<unknown> | KeptItems<unknown, unknown> | undefined> {
    // What is no hit has neither.
    const { digest, value } = (await this.#cache.lookup(call.key)) as { digest?: string; value?: KeptResult<unknown> };
    return digest === call.result?.digest ? value : undefined;
  }

  remove(calls: AsyncIterable<CallRecord> | Iterable<CallRecord>, options: RemoveOptions = {}): Promise<RemoveReport> {
    checkOptions("remove", options, ["keepResults"]);
    return removeCalls({ cache: this.#cache, records: this.#records }, calls, options);
  }

  tagged(tags: Tags): CallRecords {
    return new CacheCallRecords(this.#cache, this.#records, this.#options, { ...this.#tags, ...tags });
  }
}

function ambiguous(found: readonly CallRecord[]): CacheError {
  const listed = found.slice(0, MOST_LISTED).map(({ id }) => id.slice(0, 12));
  const more = found.length > MOST_LISTED ? ` and ${found.length - MOST_LISTED} more` : "";
  return new CacheError("ERR_CACHE_AMBIGUOUS", `several calls begin with these digits: ${listed.join(", ")}${more}`);
}

/**
 * Keeps an account of calls as entries of a namespace of a cache, so that records are verified, signed and sealed as everything else in it is.
 * @param cache - the one that `memoize` keeps the results in
 * @throws TypeError for an option out of its bounds
 */
export function callRecords(cache: Cache, options: CallRecordsOptions = {}): CallRecords {
  if (typeof cache?.namespace !== "function") throw new TypeError("callRecords needs a cache");
  checkRecordsOptions(options);
  const { namespace = "calls" } = options;
  const codec = jsonCodec as never;
  const below = cache.namespace<StoredCall>(namespace, { codec, schema: storedCallSchema });
  return new CacheCallRecords(cache, new Records(below), options, {});
}
