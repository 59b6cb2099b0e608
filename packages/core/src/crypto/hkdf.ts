import type { CryptoProvider } from "./provider.ts";

/**
 * HKDF-Expand (RFC 5869 section 2.3). Written over the HMAC port because libraries refuse or always extract a
 * pseudo-random key shorter than the hash, which the chunked message (format, "Chunked message") needs.
 * @param length - bytes wanted, at most 255 times the hash length
 */
export function hkdfExpand(
  crypto: CryptoProvider,
  hash: "sha256" | "sha512",
  key: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const size = hash === "sha256" ? 32 : 64;
  if (length > 255 * size) throw new RangeError("hkdf: length is beyond 255 hash lengths");
  const out = new Uint8Array(Math.ceil(length / size) * size);
  let block: Uint8Array = new Uint8Array(0);
  for (let i = 1; i * size <= out.length; i++) {
    block = crypto.hmac(hash, key, block, info, Uint8Array.of(i));
    out.set(block, (i - 1) * size);
  }
  return out.subarray(0, length);
}

/** HKDF-SHA-256 (RFC 5869), extract and expand. */
export function hkdfSha256(
  crypto: CryptoProvider,
  ikm: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array {
  return hkdfExpand(crypto, "sha256", crypto.hmac("sha256", salt, ikm), info, length);
}
