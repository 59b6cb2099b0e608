import type { SealContext, SealedMetadata, SealingStream } from "@cache/core";
import type { CryptoProvider } from "@cache/core/crypto";
import type { MasterKey } from "@cache/core/keyring";
import { messageLength, SALT_LENGTH } from "../message/layout.ts";
import { sealMessageInto } from "../message/message.ts";
import { sealMessageStream } from "../message/stream.ts";
import { primitivesOf, type Sealing, writingKey } from "../options.ts";
import { addresses, type Binding, BODY_CONTEXT, bindingOf, metadataContext, namespaceBytes } from "./binding.ts";
import { encodeMetadata, type Metadata, pickSealed } from "./metadata.ts";
import { encodePrefix, MIN_METADATA, PREFIX_LENGTH } from "./prefix.ts";

/** Length in bytes of prefix and metadata message. */
const HEAD_LENGTH: number = PREFIX_LENGTH + MIN_METADATA;
const BODY_KEY_LENGTH = 32;

/** What is random in an envelope. Two envelopes share none of it. */
interface Fresh {
  readonly bodyKey: Uint8Array;
  readonly headSalt: Uint8Array;
  readonly bodySalt: Uint8Array;
}

/** One draw for all three: asking costs more than the bytes do. */
function fresh(crypto: CryptoProvider): Fresh {
  const bytes = crypto.random(BODY_KEY_LENGTH + 2 * SALT_LENGTH);
  return {
    bodyKey: bytes.subarray(0, BODY_KEY_LENGTH),
    headSalt: bytes.subarray(BODY_KEY_LENGTH, BODY_KEY_LENGTH + SALT_LENGTH),
    bodySalt: bytes.subarray(BODY_KEY_LENGTH + SALT_LENGTH),
  };
}

/** Writes prefix and metadata message to the beginning of `out`. */
function sealHead(
  sealing: Sealing,
  master: MasterKey,
  binding: Binding,
  { headSalt, ...metadata }: Metadata & Pick<Fresh, "headSalt">,
  out: Uint8Array,
): void {
  const { suite } = sealing;
  const prefix = encodePrefix({ suite, metadataLength: MIN_METADATA, keyId: master.id });
  out.set(prefix);
  const context = metadataContext(prefix, binding);
  const room = out.subarray(PREFIX_LENGTH, HEAD_LENGTH);
  const key = master.subkey("envelope");
  sealMessageInto(primitivesOf(sealing, suite), key, headSalt, context, encodeMetadata(metadata), room);
}

/**
 * A whole envelope (format, "Envelope").
 *
 * Content is not hashed again when its context already names its digest; under a digest that is not its own it makes
 * an envelope that never opens.
 */
export function sealEnvelope(
  sealing: Sealing,
  context: SealContext,
  content: Uint8Array,
  metadata: SealedMetadata,
): Uint8Array {
  const { crypto, suite } = sealing;
  const binding = bindingOf(context);
  const master = writingKey(sealing);
  const digest = context.kind === "blobs" ? context.key : crypto.sha256(content);
  const size = content.byteLength;
  const { bodyKey, bodySalt, headSalt } = fresh(crypto);
  const out = new Uint8Array(HEAD_LENGTH + messageLength(size));
  sealHead(sealing, master, binding, { ...pickSealed(metadata), headSalt, bodyKey, size, digest }, out);
  const body = out.subarray(HEAD_LENGTH);
  sealMessageInto(primitivesOf(sealing, suite), bodyKey, bodySalt, BODY_CONTEXT, content, body);
  return out;
}

/** An envelope of content whose length and digest are known only at its end; so its head is made last. */
export function sealEnvelopeStream(
  sealing: Sealing,
  namespace: string,
  content: AsyncIterable<Uint8Array>,
  metadata: SealedMetadata,
): SealingStream {
  const { crypto, suite } = sealing;
  const sealed = pickSealed(metadata);
  namespaceBytes(namespace);
  const master = writingKey(sealing);
  const { bodyKey, bodySalt, headSalt } = fresh(crypto);
  const hash = crypto.sha256Stream();
  let size = 0;
  let finished: ReturnType<SealingStream["finish"]> | undefined;

  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      if (!(piece instanceof Uint8Array)) throw new TypeError("content comes in pieces of Uint8Array");
      hash.update(piece);
      size += piece.byteLength;
      yield piece;
    }
  }

  function completed(): ReturnType<SealingStream["finish"]> {
    const digest = hash.digest();
    const binding = bindingOf({ namespace, kind: "blobs", key: digest });
    const head = new Uint8Array(HEAD_LENGTH);
    sealHead(sealing, master, binding, { ...sealed, headSalt, bodyKey, size, digest }, head);
    const [name] = addresses(crypto, [master], binding) as [Uint8Array];
    return { digest, size, name, head };
  }

  async function* body(): AsyncGenerator<Uint8Array> {
    yield* sealMessageStream(primitivesOf(sealing, suite), bodyKey, BODY_CONTEXT, counted(), bodySalt);
    finished = completed();
  }

  return {
    headLength: HEAD_LENGTH,
    body: body(),
    finish() {
      if (finished === undefined) throw new TypeError("the body is read to its end before finish");
      return finished;
    },
  };
}
