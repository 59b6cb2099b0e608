import { collect } from "../bytes/join.ts";
import type { CallOptions, Name, Store } from "../ports/store.ts";

/** Length in bytes of the clear head of an envelope, which names its key (format, "Envelope"). */
const PREFIX_BYTES = 32;

/** The first bytes of a stored thing, of which nothing is verified; `undefined` when it is gone. */
export async function prefixOf(store: Store, name: Name, options: CallOptions): Promise<Uint8Array | undefined> {
  const pieces = await store.open(name, { ...options, start: 0, end: PREFIX_BYTES });
  return pieces && collect(pieces);
}
