import type { Draft, Name, PutOptions, PutResult } from "@cache/core/adapter";
import type { Context } from "../context.ts";
import { DraftWriter } from "./draft-writer.ts";
import { putBytes } from "./put-bytes.ts";

/** `put` of the store. */
export async function putValue(
  context: Context,
  name: Name,
  bytes: Uint8Array,
  { ifAbsent = false, signal }: PutOptions,
): Promise<PutResult> {
  const to = { key: context.layout.keyOf(name), ifAbsent, signal };
  signal?.throwIfAborted();
  return putBytes(context, to, [bytes]);
}

/** `putStream` of the store. */
export async function putDraft(
  context: Context,
  draft: Draft,
  { ifAbsent = false, signal }: PutOptions,
): Promise<PutResult> {
  signal?.throwIfAborted();
  const writer = new DraftWriter(context, draft.headLength, signal);
  try {
    for await (const piece of draft.body) {
      signal?.throwIfAborted();
      await writer.write(piece);
    }
    signal?.throwIfAborted();
    const { name, head } = draft.finish();
    if (head.byteLength !== draft.headLength) throw new TypeError("the head is not as long as the draft said");
    return await writer.commit(name, head, ifAbsent);
  } finally {
    await writer.discard();
  }
}
