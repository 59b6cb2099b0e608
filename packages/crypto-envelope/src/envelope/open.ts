import { CacheError, type Opened, type SealContext, type SealedMetadata } from "@cache/core";
import { unauthentic } from "../errors.ts";
import { openMessage } from "../message/message.ts";
import type { Sealing } from "../options.ts";
import { BODY_CONTEXT } from "./context.ts";
import type { Metadata } from "./metadata.ts";
import { openEnvelopeHeadOf } from "./open-head.ts";

/** The part of the metadata that a cache sees. */
export function publicMetadata({ created, expires, sequence }: Metadata): SealedMetadata {
  return { created, expires, sequence };
}

/**
 * Opens a whole envelope; nothing is returned before everything was verified.
 * @throws CacheError `ERR_CACHE_LIMIT` above `maxBufferedBytes`, before memory is taken; and for everything broken
 */
export function openEnvelope(
  sealing: Sealing,
  context: SealContext,
  sealed: Uint8Array,
): Opened<{ content: Uint8Array; metadata: SealedMetadata }> {
  const head = openEnvelopeHeadOf(sealing, context, sealed);
  if (head.verdict === "foreign") return head;
  const { metadata, primitives, bodyStart, keyId, retired } = head;
  if (metadata.size > sealing.maxBufferedBytes) {
    throw new CacheError("ERR_CACHE_LIMIT", "the sealed content is larger than maxBufferedBytes; open it as a stream");
  }
  const content = openMessage(primitives, metadata.bodyKey, BODY_CONTEXT, sealed.subarray(bodyStart));
  const { crypto, verifyDigest } = sealing;
  if (content.byteLength !== metadata.size) throw unauthentic();
  if (verifyDigest && !crypto.equal(crypto.sha256(content), metadata.digest)) throw unauthentic();
  return { verdict: "opened", keyId, retired, content, metadata: publicMetadata(metadata) };
}
