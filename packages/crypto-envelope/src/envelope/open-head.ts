import { CacheError, type Opened } from "@cache/core";
import type { MasterKey } from "@cache/core/keyring";
import type { Suite } from "../aead/provider.ts";
import { unauthentic } from "../errors.ts";
import type { Primitives } from "../message/derive.ts";
import { messageLength } from "../message/layout.ts";
import { openMessage } from "../message/message.ts";
import { primitivesOf, type Sealing } from "../options.ts";
import { type Binding, metadataContext } from "./binding.ts";
import { decodeMetadata, type Metadata } from "./metadata.ts";
import { decodePrefix, PREFIX_LENGTH } from "./prefix.ts";

/** The verdict on what another key, or a revoked one, has sealed. */
export type Foreign = Extract<Opened<unknown>, { verdict: "foreign" }>;

/** An envelope that names a key of ours; whether it was sealed with it is not known yet. */
export interface Claimed {
  readonly verdict: "claimed";
  readonly suite: Suite;
  readonly keyId: Uint8Array;
  readonly master: MasterKey;
  readonly retired: boolean;
  /** Where the body message begins, in bytes. */
  readonly bodyStart: number;
}

/** An envelope whose metadata is verified; its body is not, yet. */
export interface OpenedHead {
  readonly metadata: Metadata;
  /** What the body was sealed with. */
  readonly primitives: Primitives;
}

/**
 * Looks up the key that a prefix names (format, "Envelope"). No other key is ever tried.
 * @param bytes - the beginning of the envelope, or all of it
 * @param length - length of the whole envelope in bytes
 * @throws CacheError for what no writer would have written
 */
export function claimedBy(sealing: Sealing, bytes: Uint8Array, length: number): Claimed | Foreign {
  const { suite, metadataLength, keyId } = decodePrefix(bytes);
  if (!sealing.accept.includes(suite)) {
    throw new CacheError("ERR_CACHE_UNSUPPORTED_SUITE", "the envelope is of a suite that this reader does not accept");
  }
  const entry = sealing.keyring().find(keyId);
  if (entry?.type !== "master") return { verdict: "foreign", code: "ERR_CACHE_UNKNOWN_KEY" };
  const master = entry.key;
  if (master?.type !== "master") return { verdict: "foreign", code: "ERR_CACHE_REVOKED_KEY" };
  const bodyStart = PREFIX_LENGTH + metadataLength;
  if (length < bodyStart + messageLength(0)) throw new CacheError("ERR_CACHE_FORMAT", "not an envelope: it ends early");
  return { verdict: "claimed", suite, keyId, master, retired: entry.status === "retired", bodyStart };
}

/**
 * Opens the metadata, and holds it against the name that was asked for and the length that was found.
 * @param head - the envelope up to its body, or all of it
 * @throws CacheError `ERR_CACHE_AUTH`, `ERR_CACHE_FORMAT`
 */
export function openHead(
  sealing: Sealing,
  binding: Binding,
  { suite, master, bodyStart }: Claimed,
  head: Uint8Array,
  length: number,
): OpenedHead {
  const primitives = primitivesOf(sealing, suite);
  const bound = metadataContext(head.subarray(0, PREFIX_LENGTH), binding);
  const message = head.subarray(PREFIX_LENGTH, bodyStart);
  const metadata = decodeMetadata(openMessage(primitives, master.subkey("envelope"), bound, message));
  // Truncation and appended bytes show here, before any of the body is touched.
  if (length - bodyStart !== messageLength(metadata.size)) throw unauthentic();
  if (binding.kind === "blobs" && !sealing.crypto.equal(metadata.digest, binding.key)) throw unauthentic();
  return { metadata, primitives };
}
