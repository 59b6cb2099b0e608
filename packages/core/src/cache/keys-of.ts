import { fromUtf8, utf8 } from "../bytes/text.ts";
import { scanEntries } from "../maintenance/scan.ts";
import type { CallOptions } from "../ports/store.ts";
import { loadEntry } from "./entries.ts";
import { factsOf } from "./lookup.ts";
import { namesOf } from "./names.ts";
import type { Settings } from "./options.ts";
import { refusalOf } from "./verdicts.ts";

/** The keys of a namespace whose entries hold and are shown; their content is not read. */
export async function* keysOf(settings: Settings, options?: CallOptions): AsyncGenerator<string, void, undefined> {
  const { namespace } = settings;
  // While keys rotate an entry may lie under two names.
  const rotating = namesOf(settings, { namespace, kind: "entries", key: utf8("-") }).length > 1;
  const seen = new Set<string>();
  for await (const { listed, entry } of scanEntries(settings, options)) {
    options?.signal?.throwIfAborted();
    if (entry?.namespace !== namespace) continue;
    try {
      const record = await loadEntry(settings, listed.name, entry.key, options);
      if (record === undefined || settings.accept?.(factsOf(settings, record)) === false) continue;
    } catch (error) {
      refusalOf(error);
      continue;
    }
    const key = fromUtf8(entry.key);
    if (seen.has(key)) continue;
    if (rotating) seen.add(key);
    yield key;
  }
}
