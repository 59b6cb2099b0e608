import { fromUtf8 } from "../bytes/text.ts";
import { scanEntries } from "../maintenance/scan.ts";
import type { CallOptions } from "../ports/store.ts";
import type { Settings } from "./options.ts";

/** The keys that entries of a namespace claim to have. */
export async function* listKeys(settings: Settings, options?: CallOptions): AsyncGenerator<string, void, undefined> {
  // While keys rotate an entry may lie under the names of two of them.
  const seen = settings.seal === undefined ? undefined : new Set<string>();
  for await (const { entry } of scanEntries(settings, options)) {
    if (entry?.namespace !== settings.namespace) continue;
    const key = textOf(entry.key);
    if (key === undefined || seen?.has(key)) continue;
    seen?.add(key);
    yield key;
  }
}

/** A key that somebody wrote by other means, and that no call can ask for, is none. */
function textOf(key: Uint8Array): string | undefined {
  try {
    return fromUtf8(key);
  } catch {
    return undefined;
  }
}
