import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { isWellFormed } from "./check-signature.ts";
import type { Ed25519Provider } from "./provider.ts";

/** The fixed bytes before the key in PKCS #8 and SubjectPublicKeyInfo (RFC 8410, sections 4 and 7). */
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);

function der(prefix: Uint8Array, key: Uint8Array): Buffer {
  // Not Buffer.concat: it would put the secret into a pool that other buffers share.
  const out = Buffer.alloc(prefix.length + key.length);
  out.set(prefix);
  out.set(key, prefix.length);
  return out;
}

/** Ed25519 by `node:crypto`. */
export const ed25519: Ed25519Provider = {
  name: "node",
  signer(seed) {
    const encoded = der(PKCS8_PREFIX, seed);
    const key = createPrivateKey({ key: encoded, format: "der", type: "pkcs8" });
    encoded.fill(0);
    return (message) => new Uint8Array(sign(null, message, key));
  },
  verifier(publicKey) {
    const key = createPublicKey({ key: der(SPKI_PREFIX, publicKey), format: "der", type: "spki" });
    return (message, signature) => isWellFormed(signature) && verify(null, message, key, signature);
  },
};
