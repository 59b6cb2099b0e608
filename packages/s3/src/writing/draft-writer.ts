import { CacheError, type Name, type PutResult, storeError } from "@cache/core/adapter";
import { toHex } from "@cache/core/bytes";
import type { Context } from "../context.ts";
import { contentOf, NONCE_LENGTH, newNonce } from "../envelope.ts";
import { nonceAt } from "../reading/read.ts";
import { commit, type Destination } from "./commit.ts";
import { Multipart, withMultipart } from "./multipart.ts";
import { PartBuffer } from "./part-buffer.ts";
import { putBytes } from "./put-bytes.ts";

/** Parts that an upload may have. */
const MOST_PARTS = 10_000;

/**
 * Writes content whose key, and whose first bytes, are known last. The first part stays in memory, since the head
 * belongs into it; parts after it go to a temporary object as they come, and from there, without passing by here again,
 * behind the first one when that is known.
 */
export class DraftWriter {
  readonly #context: Context;
  readonly #signal: AbortSignal | undefined;
  readonly #first: PartBuffer;
  #current: PartBuffer;
  #temporary: { readonly key: string; readonly multipart: Multipart } | undefined;
  /** Length of what went to the temporary object. */
  #sent = 0;
  #complete = false;

  /**
   * @param context - of the store
   * @param headLength - room that is left for the head
   * @param signal - ends it
   */
  constructor(context: Context, headLength: number, signal: AbortSignal | undefined) {
    this.#context = context;
    this.#signal = signal;
    this.#first = new PartBuffer(Math.max(0, context.partSize - NONCE_LENGTH - headLength));
    this.#current = new PartBuffer(context.partSize);
  }

  /** Takes a piece of the body; a copy of it. */
  async write(piece: Uint8Array): Promise<void> {
    let at = this.#first.full ? 0 : this.#first.take(piece);
    while (at < piece.byteLength) {
      if (this.#current.full) await this.#flush();
      at += this.#current.take(piece.subarray(at));
    }
  }

  /** The body is over: puts the value. */
  async commit(name: Name, head: Uint8Array, ifAbsent: boolean): Promise<PutResult> {
    const to = { key: this.#context.layout.keyOf(name), ifAbsent, signal: this.#signal };
    const first = this.#first.bytes;
    if (this.#temporary === undefined) return putBytes(this.#context, to, [head, first, this.#current.bytes]);
    // Copying much to find the name taken would cost more than a look.
    if (ifAbsent && (await nonceAt(this.#context, to.key, this.#signal)) !== undefined) return { written: false };
    await this.#flush();
    await this.#failing(() => this.#completeTemporary());
    const content = contentOf(head, first);
    return commit(this.#context, to, (nonce) => {
      content.set(nonce);
      return this.#assemble(to, content);
    });
  }

  /** Removes what is temporary; what cannot be removed now, a rule of the bucket removes later. */
  async discard(): Promise<void> {
    if (this.#temporary === undefined) return;
    const { key, multipart } = this.#temporary;
    const { asker, bucket } = this.#context;
    if (!this.#complete) await multipart.abort();
    const asking = { doing: "removing a temporary object", signal: undefined };
    await asker.ask(asking, (signal) => bucket.deleteObject(key, { signal })).catch(() => undefined);
  }

  async #completeTemporary(): Promise<void> {
    await this.#temporary?.multipart.complete(false);
    this.#complete = true;
  }

  async #flush(): Promise<void> {
    const { bytes } = this.#current;
    this.#current = new PartBuffer(this.#context.partSize);
    await this.#failing(async () => {
      this.#temporary ??= await this.#beginTemporary();
      const { multipart } = this.#temporary;
      if (multipart.count + 1 >= MOST_PARTS) throw tooManyParts();
      await multipart.add((upload, number, signal) =>
        this.#context.bucket.uploadPart(upload, number, bytes, { signal }),
      );
      this.#sent += bytes.byteLength;
    });
  }

  async #beginTemporary(): Promise<{ key: string; multipart: Multipart }> {
    const key = this.#context.layout.temporary + toHex(newNonce());
    return { key, multipart: await Multipart.begin(this.#context, key, this.#signal) };
  }

  async #assemble({ key, ifAbsent, signal }: Destination, first: Uint8Array): Promise<void> {
    const { bucket, partSize } = this.#context;
    const source = this.#temporary?.key ?? "";
    await withMultipart(this.#context, key, signal, async (multipart) => {
      await multipart.add((upload, number, signal) => bucket.uploadPart(upload, number, first, { signal }));
      // As long as the first one, since some servers want parts of one length.
      for (let start = 0; start < this.#sent; start += partSize) {
        const from = { key: source, start, end: Math.min(start + partSize, this.#sent) };
        await multipart.add((upload, number, signal) => bucket.uploadPartCopy(upload, number, from, { signal }));
      }
      await multipart.complete(ifAbsent);
    });
  }

  async #failing<T>(work: () => Promise<T>): Promise<T> {
    return work().catch((error) => {
      throw storeError("writing a value", error, this.#signal);
    });
  }
}

function tooManyParts(): CacheError {
  return new CacheError(
    "ERR_CACHE_LIMIT",
    "the value is longer than 10000 parts; the store was made with a partSize that is too small for it",
  );
}
