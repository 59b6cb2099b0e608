import { isUint8Array } from "node:util/types";
import { type Draft, type PutOptions, type PutResult, parseName, storeError } from "@cache/core/adapter";
import { BlockWriter } from "./block-writer.ts";
import { begin, complete, type Medium } from "./put.ts";

/** Puts content of any length. Two blocks of memory: one is filled while the other is written. */
export async function putStream(medium: Medium, draft: Draft, options: PutOptions = {}): Promise<PutResult> {
  const { signal } = options;
  signal?.throwIfAborted();
  const writer = new BlockWriter(medium, () => begin(medium, signal), draft.headLength);
  const onMedium = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      throw storeError("putting a stream", error, signal);
    }
  };
  // Only failures of the medium are the store's; what the body and `finish` throw belongs to the caller as it is.
  try {
    for await (const piece of draft.body) {
      signal?.throwIfAborted();
      if (!isUint8Array(piece)) throw new TypeError("the pieces of a body are Uint8Arrays");
      for (let at = 0; at < piece.byteLength; ) {
        at += writer.take(piece, at);
        if (writer.isFull) await onMedium(() => writer.flush());
      }
    }
    signal?.throwIfAborted();
    const { name, head } = draft.finish();
    const place = parseName(name);
    if (head.byteLength !== draft.headLength) throw new TypeError("the head is not as long as the draft said");
    return await onMedium(async () => complete(medium, await writer.end(head), place, options));
  } catch (error) {
    await writer.discard();
    throw error;
  }
}
