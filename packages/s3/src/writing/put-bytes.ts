import type { PutResult } from "@cache/core/adapter";
import type { Context } from "../context.ts";
import { contentOf } from "../envelope.ts";
import { nonceAt } from "../reading/read.ts";
import { commit, type Destination } from "./commit.ts";
import { withMultipart } from "./multipart.ts";

/** Puts what is in memory: in one request when it fits into a part, in parts otherwise. */
export async function putBytes(context: Context, to: Destination, pieces: readonly Uint8Array[]): Promise<PutResult> {
  const { bucket, asker, partSize } = context;
  const { key, ifAbsent, signal } = to;
  const content = contentOf(...pieces);
  const long = content.byteLength > partSize;
  // Sending much to find the name taken would cost more than a look.
  if (long && ifAbsent && (await nonceAt(context, key, signal)) !== undefined) return { written: false };
  return commit(context, to, async (nonce) => {
    content.set(nonce);
    if (!long) {
      const asking = { doing: "writing a value", signal, commits: true };
      await asker.ask(asking, (signal) => bucket.putObject(key, content, { ifAbsent, signal }));
      return;
    }
    await withMultipart(context, key, signal, async (multipart) => {
      for (let at = 0; at < content.byteLength; at += partSize) {
        const part = content.subarray(at, at + partSize);
        await multipart.add((upload, number, signal) => bucket.uploadPart(upload, number, part, { signal }));
      }
      await multipart.complete(ifAbsent);
    });
  });
}
