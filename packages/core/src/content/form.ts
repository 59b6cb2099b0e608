import type { Placed } from "../cache/names.ts";
import type { Draft, Name, RangeOptions } from "../ports/store.ts";

/** Content that was stored. */
export interface StoredContent {
  readonly digest: Uint8Array;
  /** Where it lies; its note belongs beside it, whatever key is the primary by then. */
  readonly name: Name;
}

/** Content on its way into the store, and what is known of it at the end. */
export interface ContentDraft {
  readonly draft: Draft;
  /** After the draft was finished. */
  result(): StoredContent;
}

/** The shape content has in a store: as it is, or sealed. Digests are of the plaintext, 32 bytes. */
export interface ContentForm {
  /** Names to look under; the first is the one to write under. */
  names(digest: Uint8Array): [Name, ...Name[]];
  /** What to store, and under which name. */
  wrap(digest: Uint8Array, content: Uint8Array): Placed;
  /** The content, verified. @throws CacheError when it is not what the digest promises, or is somebody else's */
  unwrap(digest: Uint8Array, stored: Uint8Array): Uint8Array;
  /** Most stored bytes that content of so many bytes takes. */
  storedSize(size: number): number;
  draft(source: AsyncIterable<Uint8Array>): ContentDraft;
  /**
   * The content, or a range of it, in verified order; the iteration ends cleanly only if all that was read holds.
   * `undefined` when absent.
   */
  open(name: Name, digest: Uint8Array, options?: RangeOptions): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** Hands pieces on and lets `look` see each first. @throws TypeError for a piece that is not bytes */
export async function* tap(
  pieces: AsyncIterable<Uint8Array>,
  look: (piece: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    if (!(piece instanceof Uint8Array)) throw new TypeError("a stream of content yields Uint8Array pieces");
    look(piece);
    yield piece;
  }
}
