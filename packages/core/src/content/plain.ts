import { crypto } from "#platform";
import { concat } from "../bytes/join.ts";
import { nameOf } from "../cache/names.ts";
import { CacheError } from "../errors.ts";
import type { RangeOptions, Store } from "../ports/store.ts";
import { looksSealed, MAGIC_LENGTH } from "./envelope-magic.ts";
import { type ContentDraft, type ContentForm, type StoredContent, tap } from "./form.ts";

/** What a key holder sealed lies under other names than digests: whoever asks for one as a digest is to leave it alone. */
const mismatch = (isSealed: boolean): CacheError =>
  isSealed
    ? new CacheError("ERR_CACHE_UNKNOWN_KEY", "what lies there is sealed, and this cache has no keys")
    : new CacheError("ERR_CACHE_AUTH", "the content is not what its digest promises");

function draft(source: AsyncIterable<Uint8Array>): ContentDraft {
  const hash = crypto.sha256Stream();
  let result: StoredContent | undefined;
  const body = tap(source, (piece) => hash.update(piece));
  const finish = () => {
    const digest = hash.digest();
    result = { digest, name: nameOf("blobs", digest) };
    return { name: result.name, head: new Uint8Array(0) };
  };
  return { draft: { headLength: 0, body, finish }, result: () => result as StoredContent };
}

/** Yields what lies in the range while hashing everything: a part of unsealed content is verified by the whole. */
async function* verified(
  pieces: AsyncIterable<Uint8Array>,
  digest: Uint8Array,
  { start = 0, end = Number.POSITIVE_INFINITY, signal }: RangeOptions,
): AsyncGenerator<Uint8Array> {
  const hash = crypto.sha256Stream();
  let at = 0;
  let first: Uint8Array = new Uint8Array(0);
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    if (first.byteLength < MAGIC_LENGTH) first = concat(first, piece.subarray(0, MAGIC_LENGTH));
    hash.update(piece);
    const part = piece.subarray(Math.max(0, start - at), Math.max(0, Math.min(piece.byteLength, end - at)));
    at += piece.byteLength;
    if (part.byteLength > 0) yield part;
  }
  if (!crypto.equal(hash.digest(), digest)) throw mismatch(looksSealed(first));
}

/** Content stored as it is, under its own digest, so that anybody can verify it by hashing. */
export function plainForm(store: Store): ContentForm {
  return {
    names: (digest) => [nameOf("blobs", digest)],
    wrap: (digest, content) => ({ names: [nameOf("blobs", digest)], stored: content }),
    unwrap(digest, stored) {
      if (!crypto.equal(crypto.sha256(stored), digest)) throw mismatch(looksSealed(stored));
      return stored;
    },
    storedSize: (size) => size,
    draft,
    async open(name, digest, options = {}) {
      const pieces = await store.open(name, { signal: options.signal, orMiss: options.orMiss });
      return pieces && verified(pieces, digest, options);
    },
  };
}
