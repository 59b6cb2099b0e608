import type { CallOptions, Name } from "../ports/store.ts";
import { fromOrigin } from "../wrappers/from-origin.ts";
import { loadEntry } from "./entries.ts";
import type { Settings } from "./options.ts";
import { refusalOf } from "./verdicts.ts";

/**
 * Whether an entry was written with a key that is not here: then it is not ours to remove. A copy of ours that lies nearer than the
 * other's entry is removed.
 */
export async function isForeign(
  settings: Settings,
  name: Name,
  key: Uint8Array,
  options?: CallOptions,
): Promise<boolean> {
  const { store } = settings;
  if (!(await isOthers(settings, fromOrigin(store), name, key, options))) return false;
  const seen = await store.stat(name, options);
  // By the version of both: where they differ only the copy goes.
  if (seen !== undefined && !(await isOthers(settings, store, name, key, options))) {
    await store.delete(name, { ...options, ifVersion: seen.version });
  }
  return true;
}

/** Who wrote it is all that is asked, so nothing is told to anybody and no memory of times is consulted. */
async function isOthers(
  settings: Settings,
  store: Settings["store"],
  name: Name,
  key: Uint8Array,
  options?: CallOptions,
): Promise<boolean> {
  try {
    await loadEntry({ ...settings, store, emit: () => {}, rollback: undefined }, name, key, options);
    return false;
  } catch (error) {
    return refusalOf(error).code === "ERR_CACHE_UNKNOWN_KEY";
  }
}
