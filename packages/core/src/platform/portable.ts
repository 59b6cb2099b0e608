import { ed25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { toHex } from "../bytes/hex.ts";
import type { CryptoProvider } from "../crypto/provider.ts";

/** `crypto.getRandomValues` fills at most this many bytes a call (Web Cryptography API, section 10.1.1). */
const RANDOM_LIMIT = 65_536;

function random(length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let at = 0; at < length; at += RANDOM_LIMIT) {
    globalThis.crypto.getRandomValues(out.subarray(at, Math.min(length, at + RANDOM_LIMIT)));
  }
  return out;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.byteLength !== b.byteLength) return false;
  let difference = 0;
  for (let i = 0; i < a.byteLength; i++) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

/** The provider over @noble/hashes and Web Crypto's random source. */
export const crypto: CryptoProvider = {
  name: "noble",
  random,
  sha256(...parts) {
    const running = sha256.create();
    for (const part of parts) running.update(part);
    return running.digest();
  },
  sha256Hex: (bytes) => toHex(sha256(bytes)),
  sha256Stream() {
    const running = sha256.create();
    return { update: (bytes) => void running.update(bytes), digest: () => running.digest() };
  },
  hmac(algorithm, key, ...parts) {
    const running = hmac.create(algorithm === "sha256" ? sha256 : sha512, key);
    for (const part of parts) running.update(part);
    return running.digest();
  },
  ed25519PublicKey: (seed) => ed25519.getPublicKey(seed),
  equal,
};
