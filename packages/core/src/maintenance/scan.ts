import { fromUtf8 } from "../bytes/text.ts";
import { readNote } from "../cache/catalog.ts";
import { storedEntry } from "../cache/entries.ts";
import type { Settings } from "../cache/options.ts";
import { refusalOf } from "../cache/verdicts.ts";
import { looksSealed } from "../content/envelope-magic.ts";
import { requireOpened } from "../content/sealed.ts";
import type { CacheError } from "../errors.ts";
import type { SealContext } from "../ports/sealer.ts";
import type { CallOptions, Listed, Store } from "../ports/store.ts";
import { readClaim } from "../record/record.ts";
import type { Statement } from "../record/statement.ts";

/** One stored name of the entries and what can be told of it; nothing is verified yet. */
export interface Scanned {
  readonly listed: Listed;
  /** What it is said to be: by the record itself when unsealed, by its note when sealed. */
  readonly entry?: { readonly namespace: string; readonly key: Uint8Array } | undefined;
  /** Unsealed bytes that are no record and not sealed either. */
  readonly refusal?: CacheError | undefined;
  /** The bytes as they are stored, where telling took them: of an unsealed entry. */
  readonly stored?: Uint8Array | undefined;
}

/** Text of a key for people; bytes that are no text come in hexadecimal. */
export function keyText(key: Uint8Array): string {
  try {
    return fromUtf8(key);
  } catch {
    return `\\x${[...key].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  }
}

/**
 * Every stored name of the entries. An unsealed cache reads each record; a sealed one finds each entry's note, so what
 * other keys sealed comes without an `entry`.
 */
export async function* scanEntries(settings: Settings, options?: CallOptions): AsyncGenerator<Scanned> {
  for await (const listed of settings.store.list("entries", options)) yield await scanEntry(settings, listed, options);
}

/** What can be told of one stored name. */
export async function scanEntry({ store, seal }: Settings, listed: Listed, options?: CallOptions): Promise<Scanned> {
  if (seal === undefined) return scanPlain(store, listed, options);
  const context = await readNote({ store, seal }, listed.name, options);
  return context?.kind === "entries" ? { listed, entry: context } : { listed };
}

async function scanPlain(store: Store, listed: Listed, options?: CallOptions): Promise<Scanned> {
  try {
    const stored = await storedEntry(store, listed.name, options);
    if (stored === undefined || looksSealed(stored)) return { listed };
    return { listed, entry: readClaim(stored).statement, stored };
  } catch (error) {
    return { listed, refusal: refusalOf(error) };
  }
}

/**
 * What an entry claims, unsealed but with no proof checked: good for keeping what it names, never for believing it.
 * `undefined` when it is gone or cannot be read.
 */
export async function claimOf(
  { store, seal }: Settings,
  listed: Listed,
  context: SealContext,
  options?: CallOptions,
): Promise<Statement | undefined> {
  try {
    const stored = await storedEntry(store, listed.name, options);
    if (stored === undefined) return undefined;
    return readClaim(seal === undefined ? stored : requireOpened(seal.open(context, stored)).content).statement;
  } catch (error) {
    refusalOf(error);
    return undefined;
  }
}
