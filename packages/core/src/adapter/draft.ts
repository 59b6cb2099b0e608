import { join } from "../bytes/join.ts";
import type { CallOptions, Draft, Name } from "../ports/store.ts";

/** Reads a draft whole, for stores whose medium takes nothing but whole values. */
export async function collectDraft(draft: Draft, options?: CallOptions): Promise<{ name: Name; bytes: Uint8Array }> {
  options?.signal?.throwIfAborted();
  const parts: Uint8Array[] = [];
  for await (const piece of draft.body) {
    options?.signal?.throwIfAborted();
    // Not slice: that of a Node Buffer shares memory.
    parts.push(new Uint8Array(piece));
  }
  options?.signal?.throwIfAborted();
  const { name, head } = draft.finish();
  return { name, bytes: join([head, ...parts]) };
}
