import { loadEntry } from "../cache/entries.ts";
import { decodeMetadata } from "../cache/metadata.ts";
import { type CacheErrorCode, isCacheError } from "../errors.ts";
import { type MaintenanceOptions, settleMaintenance } from "./options.ts";
import { keyText, scanEntries } from "./scan.ts";

/** One entry as `cache ls` shows it. Times are milliseconds since 1970 UTC. */
export interface EntryReport {
  readonly namespace: string;
  readonly key: string;
  /** Length of the encoded value in bytes; absent when the entry is not to be believed. */
  readonly size?: number | undefined;
  readonly codec?: string | undefined;
  readonly created?: number | undefined;
  /** Absent: never, or not to be believed. */
  readonly expires?: number | undefined;
  /** `ok`, or why the entry would not be believed now. */
  readonly state: "ok" | CacheErrorCode;
}

/**
 * Every entry these keys can tell, each verified as a read would, without its content. An unsealed entry that does not
 * verify is listed under the name it claims; a sealed one that these keys cannot open is not listed.
 */
export async function* listEntries(options: MaintenanceOptions): AsyncGenerator<EntryReport> {
  const settings = settleMaintenance(options);
  const { signal } = options;
  for await (const { listed, entry, stored } of scanEntries(settings, { signal })) {
    if (entry === undefined) continue;
    const { namespace, key } = entry;
    const at = { namespace, key: keyText(key) };
    try {
      const record = await loadEntry({ ...settings, namespace }, listed.name, key, { signal, stored });
      if (record === undefined) continue;
      const { size, created, expires } = record.statement;
      const { codec } = decodeMetadata(record.statement);
      yield {
        ...at,
        state: "ok",
        size,
        created,
        codec,
        expires: expires === 0 ? undefined : expires,
      };
    } catch (error) {
      if (!isCacheError(error) || error.code === "ERR_CACHE_STORE") throw error;
      yield { ...at, state: error.code };
    }
  }
}
