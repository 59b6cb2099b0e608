import type { Opened, ReadRange, SealContext, SealedMetadata } from "@cache/core";
import { collect } from "@cache/core/bytes";
import { unauthentic } from "../errors.ts";
import { CHUNK, openChunks, SEALED_CHUNK } from "../message/chunks.ts";
import { MESSAGE_HEAD, type MessageKeys } from "../message/derive.ts";
import { openHead } from "../message/message.ts";
import { openMessageStream } from "../message/stream.ts";
import type { Sealing } from "../options.ts";
import { BODY_CONTEXT } from "./context.ts";
import { publicMetadata } from "./open.ts";
import { type OpenedHead, openEnvelopeHead } from "./open-head.ts";
import { PREFIX_LENGTH } from "./prefix.ts";

/** A sealed stream that was opened; `size` is the content's length in bytes. */
export type OpenedStream = Opened<{ content: AsyncIterable<Uint8Array>; size: number; metadata: SealedMetadata }>;

async function readHead(
  sealing: Sealing,
  context: SealContext,
  read: ReadRange,
  length: number,
): Promise<Opened<OpenedHead> | undefined> {
  const prefix = await read(0, PREFIX_LENGTH);
  if (prefix === undefined) return undefined;
  const metadata = (size: number) => readBytes(read, PREFIX_LENGTH, PREFIX_LENGTH + size);
  return openEnvelopeHead(sealing, context, await collect(prefix), metadata, length);
}

/** Bytes that were there a moment ago; gone now, they are not what was sealed. */
async function readBytes(read: ReadRange, start: number, end: number): Promise<Uint8Array> {
  const pieces = await read(start, end);
  if (pieces === undefined) throw unauthentic();
  return collect(pieces);
}

/** Opens a sealed stream (format, section 4.6). `undefined` when there is nothing to read. */
export async function openEnvelopeStream(
  sealing: Sealing,
  context: SealContext,
  read: ReadRange,
  length: number,
): Promise<OpenedStream | undefined> {
  const head = await readHead(sealing, context, read, length);
  if (head === undefined || head.verdict === "foreign") return head;
  const { keyId, retired, metadata } = head;
  const content = steadfast(verified(sealing, head, read, length));
  return { verdict: "opened", keyId, retired, content, size: metadata.size, metadata: publicMetadata(metadata) };
}

async function* verified(
  { crypto, verifyDigest }: Sealing,
  { metadata, primitives, bodyStart }: OpenedHead,
  read: ReadRange,
  length: number,
): AsyncGenerator<Uint8Array> {
  const sealed = await read(bodyStart, length);
  if (sealed === undefined) throw unauthentic();
  const hash = verifyDigest ? crypto.sha256Stream() : undefined;
  let size = 0;
  for await (const piece of openMessageStream(primitives, metadata.bodyKey, BODY_CONTEXT, sealed)) {
    hash?.update(piece);
    size += piece.byteLength;
    yield piece;
  }
  if (size !== metadata.size) throw unauthentic();
  if (hash !== undefined && !crypto.equal(hash.digest(), metadata.digest)) throw unauthentic();
}

/** An iteration that failed keeps failing: a generator alone would say "done" to whoever asks again. */
function steadfast(pieces: AsyncGenerator<Uint8Array>): AsyncIterableIterator<Uint8Array> {
  let failure: { readonly error: unknown } | undefined;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (failure !== undefined) throw failure.error;
      try {
        return await pieces.next();
      } catch (error) {
        failure = { error };
        throw error;
      }
    },
    async return() {
      return pieces.return(undefined);
    },
  };
}

/** Opens a range: every chunk read is authenticated, the digest of the whole is not checked. */
export async function openEnvelopeRange(
  sealing: Sealing,
  context: SealContext,
  read: ReadRange,
  length: number,
  range: { start: number; end: number },
): Promise<OpenedStream | undefined> {
  const head = await readHead(sealing, context, read, length);
  if (head === undefined || head.verdict === "foreign") return head;
  const { keyId, retired, metadata } = head;
  const start = Math.min(metadata.size, Math.max(0, range.start));
  const end = Math.min(metadata.size, Math.max(start, range.end));
  const content = steadfast(openRange(head, read, length, start, end));
  return { verdict: "opened", keyId, retired, content, size: metadata.size, metadata: publicMetadata(metadata) };
}

/** Chunks that are read at once: 256 KiB of content. */
const BATCH = 16;

async function* openRange(
  head: OpenedHead,
  read: ReadRange,
  length: number,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  const { primitives, metadata, bodyStart } = head;
  if (start === end) return;
  const chunksStart = bodyStart + MESSAGE_HEAD;
  const keys = openHead(primitives, metadata.bodyKey, BODY_CONTEXT, await readBytes(read, bodyStart, chunksStart));
  const last = Math.floor(metadata.size / CHUNK);
  for (let first = Math.floor(start / CHUNK); first * CHUNK < end; first += BATCH) {
    const next = Math.min(first + BATCH, Math.ceil(end / CHUNK), last + 1);
    const from = chunksStart + first * SEALED_CHUNK;
    const to = Math.min(chunksStart + next * SEALED_CHUNK, length);
    const plaintext = openBatch(head, keys, first, await readBytes(read, from, to), to - from, next > last);
    yield plaintext.subarray(Math.max(0, start - first * CHUNK), Math.min(plaintext.byteLength, end - first * CHUNK));
  }
}

function openBatch(
  { primitives }: OpenedHead,
  keys: MessageKeys,
  index: number,
  sealed: Uint8Array,
  expected: number,
  last: boolean,
): Uint8Array {
  const plaintext = sealed.byteLength === expected ? openChunks(primitives, keys, index, sealed, last) : undefined;
  if (plaintext === undefined) throw unauthentic();
  return plaintext;
}
