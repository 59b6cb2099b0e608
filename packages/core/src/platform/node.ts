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

const own = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only !== undefined) return own(hash("sha256", only, "buffer"));
  const running = createHash("sha256");
  for (const part of parts) running.update(part);
  return own(running.digest());
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
    return { update: (bytes) => void running.update(bytes), digest: () => own(running.digest()) };
  },
  hmac(algorithm, key, ...parts) {
    const running = createHmac(algorithm, key);
    for (const part of parts) running.update(part);
    return own(running.digest());
  },
  ed25519PublicKey,
  equal: (a, b) => a.byteLength === b.byteLength && timingSafeEqual(a, b),
};
