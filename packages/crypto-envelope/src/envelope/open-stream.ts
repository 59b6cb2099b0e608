import type { Opened, ReadRange, SealContext, SealedMetadata } from "@cache/core";
import { unauthentic } from "../errors.ts";
import { CHUNK, SEALED_CHUNK } from "../message/layout.ts";
import { openChunks } from "../message/stream.ts";
import type { Sealing } from "../options.ts";
import { pickSealed } from "./metadata.ts";
import { hashes } from "./open.ts";
import { type OpenedKeys, readHead } from "./open-read.ts";
import { readExactly } from "./read-exactly.ts";
import { steadfast } from "./steadfast.ts";

/** Content that comes in authenticated pieces; `size` is the length in bytes of all of it. */
export type OpenedStream = Opened<{ content: AsyncIterable<Uint8Array>; size: number; metadata: SealedMetadata }>;

function opened({ keyId, retired, metadata }: OpenedKeys, content: AsyncGenerator<Uint8Array>): OpenedStream {
  const { size } = metadata;
  return { verdict: "opened", keyId, retired, content: steadfast(content), size, metadata: pickSealed(metadata) };
}

/** Opens an envelope as a stream (format, "Envelope"). `undefined` when there is nothing to read. */
export async function openEnvelopeStream(
  sealing: Sealing,
  context: SealContext,
  read: ReadRange,
  length: number,
): Promise<OpenedStream | undefined> {
  const head = await readHead(sealing, context, read, length);
  if (head?.verdict !== "opened") return head;
  const { primitives, keys, chunksStart } = head;
  const sealed = readExactly(read, chunksStart, length);
  const content = openChunks(primitives, keys, sealed, { first: 0, toEnd: true });
  return opened(head, hashes(sealing, context.kind) ? hashed(sealing, head, content) : content);
}

/** Ends cleanly only if the digest of everything is the one that the metadata states. */
async function* hashed(
  { crypto }: Sealing,
  { metadata }: OpenedKeys,
  content: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const hash = crypto.sha256Stream();
  for await (const piece of content) {
    hash.update(piece);
    yield piece;
  }
  if (!crypto.equal(hash.digest(), metadata.digest)) throw unauthentic();
}

/**
 * Opens a range of an envelope's content, cut at its ends. Every chunk read is authenticated, the digest of the whole is
 * not checked. `undefined` when there is nothing to read.
 * @throws TypeError for a border that is no whole number
 */
export async function openEnvelopeRange(
  sealing: Sealing,
  context: SealContext,
  read: ReadRange,
  length: number,
  range: { readonly start: number; readonly end: number },
): Promise<OpenedStream | undefined> {
  for (const border of [range.start, range.end]) {
    if (!Number.isInteger(border) && Math.abs(border) !== Number.POSITIVE_INFINITY)
      throw new TypeError("a range begins and ends at whole numbers of bytes");
  }
  const head = await readHead(sealing, context, read, length);
  if (head?.verdict !== "opened") return head;
  const { size } = head.metadata;
  const start = Math.min(size, Math.max(0, range.start));
  const end = Math.min(size, Math.max(start, range.end));
  return opened(head, chunksOf(head, read, length, start, end));
}

/** Reads and opens the chunks that hold a range, and yields what lies in it. */
async function* chunksOf(
  { primitives, keys, chunksStart }: OpenedKeys,
  read: ReadRange,
  length: number,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  if (start === end) return;
  const first = Math.floor(start / CHUNK);
  const next = Math.ceil(end / CHUNK);
  const to = Math.min(length, chunksStart + next * SEALED_CHUNK);
  const sealed = readExactly(read, chunksStart + first * SEALED_CHUNK, to);
  let at = first * CHUNK;
  // A full chunk is never the last one, so a range whose chunks are all full does not reach the message's end.
  for await (const piece of openChunks(primitives, keys, sealed, { first, toEnd: to === length })) {
    yield piece.subarray(Math.max(0, start - at), Math.min(piece.byteLength, end - at));
    at += piece.byteLength;
  }
}
