import { gcm } from "@noble/ciphers/aes.js";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { unauthentic } from "../errors.ts";
import type { Aead, AeadProvider } from "./provider.ts";
import { selfTested } from "./self-test.ts";
import { strict } from "./strict.ts";

type Cipher = (
  key: Uint8Array,
  nonce: Uint8Array,
) => {
  encrypt(plaintext: Uint8Array): Uint8Array;
  decrypt(sealed: Uint8Array): Uint8Array;
};

function portable(label: string, cipher: Cipher): Aead {
  return strict({
    label,
    keyLength: 32,
    seal: (key, nonce, plaintext, out) => out.set(cipher(key, nonce).encrypt(plaintext)),
    open(key, nonce, sealed) {
      const running = cipher(key, nonce);
      try {
        return running.decrypt(sealed);
      } catch {
        // Lengths were checked, so the only failure left is a tag that does not hold.
        throw unauthentic();
      }
    },
  });
}

/** The suites by @noble/ciphers. */
export const aead: AeadProvider = {
  name: "noble",
  nativeAes: false,
  suite: selfTested({
    1: portable("AEAD_AES_256_GCM", gcm),
    2: portable("AEAD_CHACHA20_POLY1305", chacha20poly1305),
  }),
};
