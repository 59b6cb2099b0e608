import type { CallOptions, Name } from "../ports/store.ts";
import { loadEntry } from "./entries.ts";
import type { Settings } from "./options.ts";
import { refusalOf } from "./verdicts.ts";

/**
 * Whether an entry was written with a key that is not here: then it is not ours to remove. In a sealed cache none is, since what
 * other keys seal lies under other names.
 */
export async function isForeign(
  settings: Settings,
  name: Name,
  key: Uint8Array,
  options?: CallOptions,
): Promise<boolean> {
  if (settings.seal !== undefined) return false;
  try {
    // Who wrote it is all that is asked, so nothing is told to anybody and no memory of times is consulted.
    await loadEntry({ ...settings, emit: () => {}, rollback: undefined }, name, key, options);
    return false;
  } catch (error) {
    return refusalOf(error).code === "ERR_CACHE_UNKNOWN_KEY";
  }
}
