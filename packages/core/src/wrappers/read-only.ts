import { requireStore } from "../cache/slots.ts";
import { CacheError } from "../errors.ts";
import type { Store } from "../ports/store.ts";
import { forward } from "./forward.ts";

async function refuse(): Promise<never> {
  throw new CacheError("ERR_CACHE_READ_ONLY", "this store only reads");
}

/** The methods of a store that change something, refused. */
export const REFUSED: Pick<Store, "put" | "putStream" | "delete"> = { put: refuse, putStream: refuse, delete: refuse };

/** A store that reads and never changes: every write rejects with `ERR_CACHE_READ_ONLY`. */
export function readOnly(store: Store): Store & AsyncDisposable {
  requireStore("readOnly", store);
  return { ...forward(store), ...REFUSED };
}
