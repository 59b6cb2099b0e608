import { CacheError } from "@cache/core/adapter";
import { crypto } from "@cache/core/crypto";

/** What bytes have to be. */
export interface Stated {
  readonly size: number;
  /** SHA-256, 32 bytes. */
  readonly digest: Uint8Array;
}

/** Hands pieces on and fails at their end, unless they were what was stated; whoever uses them waits for that end. */
export async function* digested(
  source: AsyncIterable<Uint8Array>,
  { size, digest }: Stated,
): AsyncGenerator<Uint8Array> {
  const hash = crypto.sha256Stream();
  let length = 0;
  for await (const piece of source) {
    hash.update(piece);
    length += piece.byteLength;
    yield piece;
  }
  if (length !== size || !crypto.equal(hash.digest(), digest))
    throw new CacheError("ERR_CACHE_AUTH", "a member of the package is not the one it states");
}

/** Takes all pieces, for the failure that may be at their end. */
export async function exhaust(source: AsyncIterable<Uint8Array>, onPiece?: (bytes: number) => void): Promise<void> {
  for await (const piece of source) onPiece?.(piece.byteLength);
}
