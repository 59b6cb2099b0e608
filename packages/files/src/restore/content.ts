import type { Settings } from "../options.ts";
import type { TreeRecord } from "../record.ts";

/** Content that the record names and that is not there. */
export class Lost extends Error {}

/** The bytes of all files, one behind the other. Each pack is verified by its end. @throws Lost, CacheError */
async function* contentOf(
  { trees }: Settings,
  { packs }: TreeRecord,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const { digest } of packs) {
    const pieces = await trees.blobs.open(digest, { signal });
    if (pieces === undefined) throw new Lost();
    yield* pieces;
  }
}

/** Cuts the bytes of a tree into its files. */
export class Content {
  readonly #pieces: AsyncGenerator<Uint8Array, void, undefined>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(settings: Settings, record: TreeRecord, signal?: AbortSignal) {
    this.#pieces = contentOf(settings, record, signal);
  }

  /** The next bytes, so many. */
  async *take(size: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let left = size; left > 0; ) {
      if (this.#rest.byteLength === 0) this.#rest = await this.#next();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.byteLength);
      left -= piece.byteLength;
      yield piece;
    }
  }

  /** The next bytes, so many, in one piece: a part of what was read where it can be. */
  async takeWhole(size: number): Promise<Uint8Array> {
    if (this.#rest.byteLength < size) return joined(size, this.take(size));
    const bytes = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    return bytes;
  }

  /** Reads to the end, which verifies the last pack. @throws Lost for bytes that belong to no file */
  async end(): Promise<void> {
    const { done } = await this.#pieces.next();
    if (done !== true || this.#rest.byteLength > 0) throw new Lost();
  }

  /** Lets go of what it holds open. */
  async close(): Promise<void> {
    await this.#pieces.return();
  }

  async #next(): Promise<Uint8Array> {
    const { done, value } = await this.#pieces.next();
    if (done === true) throw new Lost();
    return value;
  }
}

async function joined(size: number, pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}
