import { CacheError, type Opened, type SealContext } from "@cache/core";
import { unauthentic } from "../errors.ts";
import { messageLength } from "../message/chunks.ts";
import type { Primitives } from "../message/derive.ts";
import { openMessage } from "../message/message.ts";
import { primitivesOf, type Sealing } from "../options.ts";
import { checkContext, metadataContext } from "./context.ts";
import { decodeMetadata, type Metadata } from "./metadata.ts";
import { decodePrefix, PREFIX_LENGTH } from "./prefix.ts";

/** An envelope whose metadata is verified; its body is not, yet. */
export interface OpenedHead {
  readonly metadata: Metadata;
  readonly primitives: Primitives;
  /** Where the body message begins, in bytes. */
  readonly bodyStart: number;
}

/**
 * Opens prefix and metadata in the order of format, section 4.6. No other key than the one named is tried.
 * @param head - reads the first bytes of the envelope, up to an offset
 * @param length - length of the envelope in bytes, compared before any of the body is touched
 * @throws CacheError for everything that is ours and broken
 */
export async function openEnvelopeHead(
  sealing: Sealing,
  context: SealContext,
  prefixBytes: Uint8Array,
  metadataBytes: (length: number) => Promise<Uint8Array>,
  length: number,
): Promise<Opened<OpenedHead>> {
  const found = findKey(sealing, context, prefixBytes, length);
  if (found.verdict === "foreign") return found;
  return found.open(await metadataBytes(found.metadataLength));
}

/** As {@link openEnvelopeHead}, of an envelope in memory. */
export function openEnvelopeHeadOf(sealing: Sealing, context: SealContext, sealed: Uint8Array): Opened<OpenedHead> {
  const found = findKey(sealing, context, sealed, sealed.byteLength);
  if (found.verdict === "foreign") return found;
  return found.open(sealed.subarray(PREFIX_LENGTH, PREFIX_LENGTH + found.metadataLength));
}

type Foreign = Extract<Opened<unknown>, { verdict: "foreign" }>;

interface Ours {
  readonly verdict: "ours";
  readonly metadataLength: number;
  open(metadata: Uint8Array): Opened<OpenedHead>;
}

function findKey(sealing: Sealing, context: SealContext, bytes: Uint8Array, length: number): Foreign | Ours {
  checkContext(context);
  const { suite, metadataLength, keyId } = decodePrefix(bytes);
  if (!sealing.accept.includes(suite)) {
    throw new CacheError("ERR_CACHE_UNSUPPORTED_SUITE", "the envelope is of a suite that this reader does not accept");
  }
  const bodyStart = PREFIX_LENGTH + metadataLength;
  if (length < bodyStart + messageLength(0)) throw new CacheError("ERR_CACHE_FORMAT", "not an envelope: it ends early");
  const entry = sealing.keyring().find(keyId);
  if (entry === undefined || entry.type !== "master") return { verdict: "foreign", code: "ERR_CACHE_UNKNOWN_KEY" };
  const master = entry.key;
  if (master?.type !== "master") return { verdict: "foreign", code: "ERR_CACHE_REVOKED_KEY" };
  const open = (message: Uint8Array): Opened<OpenedHead> => {
    const primitives = primitivesOf(sealing, suite);
    const bound = metadataContext(bytes.subarray(0, PREFIX_LENGTH), context);
    const metadata = decodeMetadata(
      openMetadata(primitives, master.subkey("envelope"), bound, message, metadataLength),
    );
    checkPromise(sealing, context, metadata, length - bodyStart);
    return { verdict: "opened", keyId, retired: entry.status === "retired", metadata, primitives, bodyStart };
  };
  return { verdict: "ours", metadataLength, open };
}

function openMetadata(
  primitives: Primitives,
  key: Uint8Array,
  bound: Uint8Array,
  message: Uint8Array,
  length: number,
): Uint8Array {
  if (message.byteLength !== length) throw unauthentic();
  return openMessage(primitives, key, bound, message);
}

/** Content must be the content that its name promises, and the body as long as the metadata says. */
function checkPromise({ crypto }: Sealing, { kind, key }: SealContext, metadata: Metadata, bodyLength: number): void {
  if (kind === "blobs" && !crypto.equal(metadata.digest, key)) throw unauthentic();
  if (bodyLength !== messageLength(metadata.size)) throw unauthentic();
}
