import type { Cache } from "@cache/core";
import type { CallRecord } from "./record.ts";
import type { RecordKey } from "./record-key.ts";
import type { Records } from "./records.ts";

/** How calls are removed. */
export interface RemoveOptions {
  /**
   * Removes the records alone.
   * @defaultValue false
   */
  readonly keepResults?: boolean | undefined;
}

/** What was removed. */
export interface RemoveReport {
  readonly records: number;
  readonly results: number;
}

/**
 * Removes records, and each result when the last record goes that is of the same function and arguments. A result goes before its
 * record: whoever is stopped between the two can remove the rest later. A result that is not the one that the record tells of
 * is somebody else's and stays.
 */
export async function removeCalls(
  { cache, records }: { readonly cache: Cache; readonly records: Records },
  calls: AsyncIterable<CallRecord> | Iterable<CallRecord>,
  { keepResults = false }: RemoveOptions,
): Promise<RemoveReport> {
  // All of them first: what is gone through must not change meanwhile.
  const leaving = new Map<string, CallRecord>();
  for await (const call of calls) leaving.set(call.id, call);
  const named = keepResults ? new Map<string, number>() : await recordsByCall(records);
  let results = 0;
  for (const call of leaving.values()) {
    const others = (named.get(callOf(call)) ?? 0) - 1;
    named.set(callOf(call), others);
    if (!keepResults && others <= 0 && (await isResultOf(cache, call))) {
      await cache.delete(call.key);
      results += 1;
    }
    await records.delete(call);
  }
  return { records: leaving.size, results };
}

/** How many records there are of each function with the same arguments. */
async function recordsByCall(records: Records): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for await (const key of records.keys()) counts.set(callOf(key), (counts.get(callOf(key)) ?? 0) + 1);
  return counts;
}

const callOf = ({ name, version, digest }: RecordKey): string => [name, version ?? "", digest].join("\n");

async function isResultOf(cache: Cache, { key, result }: CallRecord): Promise<boolean> {
  return result !== undefined && (await cache.stat(key))?.digest === result.digest;
}
