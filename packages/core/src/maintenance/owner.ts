import type { Settings } from "../cache/options.ts";
import { looksSealed } from "../content/envelope-magic.ts";
import type { CacheErrorCode } from "../errors.ts";
import type { CallOptions, Name } from "../ports/store.ts";
import { prefixOf } from "./prefix.ts";

/** Whose a stored thing is, by its first bytes: nothing is verified. */
export type Owner = "ours" | "revoked" | "foreign";

/**
 * Sealed by a key we read with, or unsealed where nothing is sealed: ours. Sealed by a key we have revoked: nobody
 * believes it any more. The rest is somebody else's. `undefined` when it is gone.
 */
export async function ownerOf({ store, seal }: Settings, name: Name, options: CallOptions): Promise<Owner | undefined> {
  const prefix = await prefixOf(store, name, options);
  if (prefix === undefined) return undefined;
  if (seal === undefined) return looksSealed(prefix) ? "foreign" : "ours";
  const state = seal.inspect(prefix)?.state;
  if (state === "revoked") return state;
  return state === "readable" ? "ours" : "foreign";
}

/** Why a reader here would not believe what is not ours. */
export const FOREIGN_CODE: Readonly<Record<Exclude<Owner, "ours">, CacheErrorCode>> = {
  revoked: "ERR_CACHE_REVOKED_KEY",
  foreign: "ERR_CACHE_UNKNOWN_KEY",
};
