import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash,
  randomFillSync,
  timingSafeEqual,
} from "node:crypto";
import type { CryptoProvider } from "../crypto/provider.ts";

/** Of text with a character for each byte: a digest comes out of Node as that, and into an array of ours, sooner than as a Buffer, which is allocated outside the heap. */
function fromBinary(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only !== undefined) return fromBinary(hash("sha256", only, "binary"));
  const running = createHash("sha256");
  for (const part of parts) running.update(part);
  return fromBinary(running.digest("binary"));
}

/** The fixed bytes of a PKCS #8 Ed25519 private key before its seed (RFC 8410 section 7). */
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

function ed25519PublicKey(seed: Uint8Array): Uint8Array {
  const der = Buffer.alloc(PKCS8_PREFIX.length + seed.length);
  der.set(PKCS8_PREFIX);
  der.set(seed, PKCS8_PREFIX.length);
  const key = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
  der.fill(0);
  return new Uint8Array(key.export({ format: "der", type: "spki" }).subarray(-32));
}

/** The provider over `node:crypto`. */
export const crypto: CryptoProvider = {
  name: "node",
  random: (length) => randomFillSync(new Uint8Array(length)),
  sha256,
  sha256Hex: (bytes) => hash("sha256", bytes, "hex"),
  sha256Stream() {
    const running = createHash("sha256");
    return { update: (bytes) => void running.update(bytes), digest: () => fromBinary(running.digest("binary")) };
  },
  hmac(algorithm, key, ...parts) {
    const running = createHmac(algorithm, key);
    for (const part of parts) running.update(part);
    return fromBinary(running.digest("binary"));
  },
  ed25519PublicKey,
  equal: (a, b) => a.byteLength === b.byteLength && timingSafeEqual(a, b),
};
