import type { SealContext } from "@cache/core";
import { pae, utf8 } from "@cache/core/bytes";
import type { CryptoProvider } from "@cache/core/crypto";
import type { MasterKey } from "@cache/core/keyring";

/** The body is bound by its key, which only its own metadata holds; so its context is a constant. */
export const BODY_CONTEXT: Uint8Array = utf8("cache/v1/envelope/body");

const kindByte = (kind: SealContext["kind"]): Uint8Array => Uint8Array.of(kind === "blobs" ? 1 : 2);

/** @throws TypeError for a namespace or key out of the format's bounds */
export function checkContext({ namespace, kind, key }: SealContext): void {
  if (utf8(namespace).byteLength > 255) throw new TypeError("a namespace has at most 255 bytes");
  if (kind === "blobs" && key.byteLength !== 32) throw new TypeError("the key of content is its digest of 32 bytes");
  if (key.byteLength < 1 || key.byteLength > 4096) throw new TypeError("a key has 1 to 4096 bytes");
}

/** What the metadata message is bound to (format, section 4.4). */
export function metadataContext(prefix: Uint8Array, { namespace, kind, key }: SealContext): Uint8Array {
  return pae("cache/v1/envelope/meta", prefix, namespace, kindByte(kind), key);
}

/** The name under which a key holder finds a sealed thing (format, section 5): 32 bytes. */
export function address(crypto: CryptoProvider, master: MasterKey, { namespace, kind, key }: SealContext): Uint8Array {
  return crypto.hmac("sha256", master.subkey("address"), pae("cache/v1/address", namespace, kindByte(kind), key));
}
