import { CacheError } from "@cache/core";
import { collect } from "@cache/core/bytes";

/** Fed piece by piece, as some platforms decompress all they are given at once: at most 16 MiB for each. */
const PIECE = 16_384;

/** The fields behind the compressed bytes: a CRC, and the length of the content modulo 2^32 (RFC 1952). */
const LENGTH_FIELD = 4;

/** Whether bytes begin as gzip does. */
export function looksCompressed(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The content of one gzip member. Nothing of it was authenticated, so it is stopped as soon as there is more than `most`
 * bytes of it, and what is behind the member is refused.
 * @throws CacheError `ERR_CACHE_LIMIT`, `ERR_CACHE_FORMAT`
 */
export async function gunzip(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  const { readable, writable } = new DecompressionStream("gzip");
  const fed = feed(writable.getWriter(), bytes);
  // Its failure is the reader's, too, which is waited for first.
  fed.catch(() => undefined);
  try {
    const content = await collect(upTo(readable.getReader(), most));
    await fed;
    return requireWhole(content, bytes);
  } catch (error) {
    if (error instanceof CacheError) throw error;
    throw new CacheError("ERR_CACHE_FORMAT", "the file is no gzip file, or a damaged one", { cause: error });
  }
}

async function feed(writer: WritableStreamDefaultWriter<BufferSource>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; at += PIECE) {
    await writer.ready;
    // On a buffer of its own kind: the platform's type allows no shared one.
    await writer.write(new Uint8Array(bytes.subarray(at, at + PIECE)));
  }
  await writer.close();
}

async function* upTo(reader: ReadableStreamDefaultReader<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.byteLength;
    if (length > most) {
      // The stream is given up; what it says to that changes nothing.
      reader.cancel().catch(() => undefined);
      throw new CacheError("ERR_CACHE_LIMIT", "the file decompresses to more than is allowed");
    }
    yield next.value;
  }
}

/** Platforms differ in what they let follow; a second member, or padding, does not agree with the length. */
function requireWhole(content: Uint8Array, bytes: Uint8Array): Uint8Array {
  const fields = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = fields.getUint32(bytes.byteLength - LENGTH_FIELD, true);
  if (length === content.byteLength % 2 ** 32) return content;
  throw new CacheError("ERR_CACHE_FORMAT", "there is something behind the gzip member");
}
