import type { SealContext } from "@cache/core";
import { pae, utf8 } from "@cache/core/bytes";
import type { CryptoProvider } from "@cache/core/crypto";
import type { MasterKey } from "@cache/core/keyring";

/** The body is bound by its key, which only its own metadata holds; so its context is a constant. */
export const BODY_CONTEXT: Uint8Array = utf8("cache/v1/envelope/body");

const KINDS: Readonly<Record<SealContext["kind"], number>> = { blobs: 1, entries: 2 };

/** What a sealed thing is bound to, within the format's bounds. */
export interface Binding extends Pick<SealContext, "kind" | "key"> {
  /** Namespace, kind and key as bytes, in the order of the format. */
  readonly pieces: readonly Uint8Array[];
}

/** @throws TypeError for a namespace of more than 255 bytes, or one that is no well-formed text */
export function namespaceBytes(namespace: string): Uint8Array {
  const bytes = utf8(namespace);
  if (bytes.byteLength > 255) throw new TypeError("a namespace has at most 255 bytes of UTF-8");
  return bytes;
}

/** @throws TypeError for a namespace, kind or key that the format has no room for */
export function bindingOf({ namespace, kind, key }: SealContext): Binding {
  const byte = KINDS[kind];
  if (byte === undefined) throw new TypeError('a kind is "blobs" or "entries"');
  if (kind === "blobs" && key.byteLength !== 32) throw new TypeError("the key of content is its digest of 32 bytes");
  if (key.byteLength < 1 || key.byteLength > 4096) throw new TypeError("a key has 1 to 4096 bytes");
  return { kind, key, pieces: [namespaceBytes(namespace), Uint8Array.of(byte), key] };
}

/**
 * What the metadata message is bound to (format, "Envelope").
 * @param prefix - all of the clear prefix, 32 bytes
 */
export function metadataContext(prefix: Uint8Array, { pieces }: Binding): Uint8Array {
  return pae("cache/v1/envelope/meta", prefix, ...pieces);
}

/** The names under which the holders of these keys find a sealed thing (format, "Names"), 32 bytes each. */
export function addresses(crypto: CryptoProvider, masters: readonly MasterKey[], { pieces }: Binding): Uint8Array[] {
  const message = pae("cache/v1/address", ...pieces);
  return masters.map((master) => crypto.hmac("sha256", master.subkey("address"), message));
}
