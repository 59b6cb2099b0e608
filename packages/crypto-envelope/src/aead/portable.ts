import { gcm } from "@noble/ciphers/aes.js";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { type Aead, type AeadProvider, checkLengths, selfTested, TAG_LENGTH } from "./provider.ts";

type Cipher = (
  key: Uint8Array,
  nonce: Uint8Array,
) => {
  encrypt(plaintext: Uint8Array): Uint8Array;
  decrypt(sealed: Uint8Array): Uint8Array;
};

function portable(label: string, cipher: Cipher): Aead {
  const keyLength = 32;
  return {
    label,
    keyLength,
    seal(key, nonce, plaintext) {
      checkLengths({ keyLength }, key, nonce);
      return cipher(key, nonce).encrypt(plaintext);
    },
    open(key, nonce, sealed) {
      checkLengths({ keyLength }, key, nonce);
      if (sealed.byteLength < TAG_LENGTH) return undefined;
      try {
        return cipher(key, nonce).decrypt(sealed);
      } catch {
        // Lengths were checked, so the only failure left is a tag that does not hold.
        return undefined;
      }
    },
  };
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
