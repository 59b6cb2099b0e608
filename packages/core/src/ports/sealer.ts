/** What a sealed thing is bound to; it opens under no other. */
export interface SealContext {
  /** At most 255 bytes of UTF-8. */
  readonly namespace: string;
  readonly kind: "blobs" | "entries";
  /** `entries`: the logical key, 1 to 4096 bytes. `blobs`: the SHA-256 of the plaintext, 32 bytes. */
  readonly key: Uint8Array;
}

/** What is kept, encrypted, beside the content. Times are milliseconds since 1970 UTC; `expires` 0 is never. */
export interface SealedMetadata {
  readonly created: number;
  readonly expires: number;
  readonly sequence: number;
}

/**
 * The sealer's three answers: it opened (`opened`), it is written under a key this process cannot use (`foreign`),
 * or it is mine and broken, which is a thrown `CacheError`.
 */
export type Opened<T> =
  | ({ readonly verdict: "opened"; readonly keyId: Uint8Array; readonly retired: boolean } & T)
  | { readonly verdict: "foreign"; readonly code: "ERR_CACHE_UNKNOWN_KEY" | "ERR_CACHE_REVOKED_KEY" };

/** A sealed stream in the making. */
export interface SealingStream {
  /** Length of the head in bytes, known before the body. */
  readonly headLength: number;
  /** The sealed body; read to its end before `finish`. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The SHA-256 of what went in, the 32-byte name it is stored under, and the head that goes in front. */
  finish(): { digest: Uint8Array; size: number; name: Uint8Array; head: Uint8Array };
}

/** Reads bytes of one sealed thing by offset: `start <= offset < end`, cut at the end of the data. */
export type ReadRange = (start: number, end: number) => Promise<AsyncIterable<Uint8Array> | undefined>;

/** Turns content into bytes that only a key holder can read or make. */
export interface Sealer {
  /** 32-byte names: first the one to write under, then the ones older readable keys would have used, newest first. */
  names(context: SealContext): Uint8Array[];

  /**
   * The sealed bytes of all the content.
   * @throws CacheError `ERR_CACHE_READ_ONLY` when there is no key to write with
   */
  seal(context: SealContext, content: Uint8Array, metadata: SealedMetadata): Uint8Array;

  /** Nothing of the content is returned unless all of it was verified. Throws when broken. */
  open(context: SealContext, sealed: Uint8Array): Opened<{ content: Uint8Array; metadata: SealedMetadata }>;

  /** Seals content (`blobs`) of unknown length in bounded memory. */
  sealStream(namespace: string, content: AsyncIterable<Uint8Array>, metadata: SealedMetadata): SealingStream;

  /**
   * Opens piece by piece; each piece was authenticated before it is handed out. The iteration ends cleanly only if
   * length and digest hold too, so a consumer must not act on the content before the clean end.
   * @param read - reads the sealed bytes by offset
   * @param length - length in bytes of the sealed thing
   */
  openStream(
    context: SealContext,
    read: ReadRange,
    length: number,
  ): Promise<Opened<{ content: AsyncIterable<Uint8Array>; size: number; metadata: SealedMetadata }> | undefined>;

  /**
   * A range of the content. Each chunk read is authenticated; the digest of the whole is not checked.
   */
  openRange(
    context: SealContext,
    read: ReadRange,
    length: number,
    range: { start: number; end: number },
  ): Promise<Opened<{ content: AsyncIterable<Uint8Array>; size: number; metadata: SealedMetadata }> | undefined>;

  /** Whether stored bytes claim to be sealed, and under which key: the clear prefix only, nothing is verified. */
  inspect(prefix: Uint8Array): { keyId: Uint8Array; state: "readable" | "unknown" | "revoked" } | undefined;
}
