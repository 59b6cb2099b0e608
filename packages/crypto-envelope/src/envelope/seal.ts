import type { SealContext, SealedMetadata, SealingStream } from "@cache/core";
import type { MasterKey } from "@cache/core/keyring";
import { messageLength } from "../message/chunks.ts";
import { sealMessageInto } from "../message/message.ts";
import { sealMessageStream } from "../message/stream.ts";
import { primitivesOf, type Sealing, writingKey } from "../options.ts";
import { address, BODY_CONTEXT, checkContext, metadataContext } from "./context.ts";
import { encodeMetadata, type Metadata } from "./metadata.ts";
import { encodePrefix, MIN_METADATA, PREFIX_LENGTH } from "./prefix.ts";

/** Length in bytes of prefix and metadata message. */
const HEAD_LENGTH: number = PREFIX_LENGTH + MIN_METADATA;

/** Writes prefix and metadata message into the first {@link HEAD_LENGTH} bytes of `out`. */
function sealHead(
  sealing: Sealing,
  master: MasterKey,
  context: SealContext,
  metadata: Metadata,
  out: Uint8Array,
): void {
  const { suite } = sealing;
  const prefix = encodePrefix({ suite, metadataLength: MIN_METADATA, keyId: master.id });
  out.set(prefix);
  const bound = metadataContext(prefix, context);
  const room = out.subarray(PREFIX_LENGTH, HEAD_LENGTH);
  sealMessageInto(primitivesOf(sealing, suite), master.subkey("envelope"), bound, encodeMetadata(metadata), room);
}

/**
 * A whole envelope (format, section 4.3).
 * @throws TypeError when content is not what its key, the digest, says
 */
export function sealEnvelope(
  sealing: Sealing,
  context: SealContext,
  content: Uint8Array,
  metadata: SealedMetadata,
): Uint8Array {
  checkContext(context);
  const { crypto, suite } = sealing;
  const master = writingKey(sealing);
  const digest = crypto.sha256(content);
  if (context.kind === "blobs" && !crypto.equal(digest, context.key))
    throw new TypeError("the content has another digest");
  const bodyKey = crypto.random(32);
  const out = new Uint8Array(HEAD_LENGTH + messageLength(content.byteLength));
  sealHead(sealing, master, context, { ...metadata, bodyKey, size: content.byteLength, digest }, out);
  sealMessageInto(primitivesOf(sealing, suite), bodyKey, BODY_CONTEXT, content, out.subarray(HEAD_LENGTH));
  return out;
}

/** An envelope of content whose length and digest are known only at its end; the head is made last. */
export function sealEnvelopeStream(
  sealing: Sealing,
  namespace: string,
  content: AsyncIterable<Uint8Array>,
  metadata: SealedMetadata,
): SealingStream {
  const { crypto, suite } = sealing;
  const master = writingKey(sealing);
  const bodyKey = crypto.random(32);
  const hash = crypto.sha256Stream();
  let size = 0;
  let ended = false;

  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      hash.update(piece);
      size += piece.byteLength;
      yield piece;
    }
  }

  async function* body(): AsyncGenerator<Uint8Array> {
    yield* sealMessageStream(primitivesOf(sealing, suite), bodyKey, BODY_CONTEXT, counted());
    ended = true;
  }

  function finish(): ReturnType<SealingStream["finish"]> {
    if (!ended) throw new TypeError("the body must be read to its end before finish");
    const digest = hash.digest();
    const context: SealContext = { namespace, kind: "blobs", key: digest };
    const head = new Uint8Array(HEAD_LENGTH);
    sealHead(sealing, master, context, { ...metadata, bodyKey, size, digest }, head);
    return { digest, size, name: address(crypto, master, context), head };
  }

  return { headLength: HEAD_LENGTH, body: body(), finish };
}
