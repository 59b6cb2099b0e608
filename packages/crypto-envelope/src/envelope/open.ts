import { CacheError, type Kind, type Opened, type SealContext, type SealedMetadata } from "@cache/core";
import { unauthentic } from "../errors.ts";
import { openMessage } from "../message/message.ts";
import type { Sealing } from "../options.ts";
import { BODY_CONTEXT, bindingOf } from "./binding.ts";
import { pickSealed } from "./metadata.ts";
import { claimedBy, openHead } from "./open-head.ts";

/** Whether opened content is hashed: entries always, content unless the cache was told to trust its writers. */
export function hashes({ verifyDigest }: Sealing, kind: Kind): boolean {
  return verifyDigest || kind === "entries";
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
  const binding = bindingOf(context);
  const claimed = claimedBy(sealing, sealed, sealed.byteLength);
  if (claimed.verdict === "foreign") return claimed;
  const { keyId, retired, bodyStart } = claimed;
  const { metadata, primitives } = openHead(sealing, binding, claimed, sealed, sealed.byteLength);
  const { crypto, maxBufferedBytes } = sealing;
  if (metadata.size > maxBufferedBytes) {
    throw new CacheError("ERR_CACHE_LIMIT", "the sealed content is larger than maxBufferedBytes; open it as a stream");
  }
  const content = openMessage(primitives, metadata.bodyKey, BODY_CONTEXT, sealed.subarray(bodyStart));
  if (hashes(sealing, context.kind) && !crypto.equal(crypto.sha256(content), metadata.digest)) throw unauthentic();
  return { verdict: "opened", keyId, retired, content, metadata: pickSealed(metadata) };
}
