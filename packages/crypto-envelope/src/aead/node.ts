import { type CipherGCMTypes, createCipheriv, createDecipheriv } from "node:crypto";
import { type Aead, type AeadProvider, checkLengths, selfTested, TAG_LENGTH } from "./provider.ts";

function native(label: string, cipher: "aes-256-gcm" | "chacha20-poly1305"): Aead {
  const keyLength = 32;
  // Always given: without it Node accepts tags as short as four bytes.
  const options = { authTagLength: TAG_LENGTH };
  const algorithm = cipher as CipherGCMTypes;
  return {
    label,
    keyLength,
    seal(key, nonce, plaintext) {
      checkLengths({ keyLength }, key, nonce);
      const running = createCipheriv(algorithm, key, nonce, options);
      const out = new Uint8Array(plaintext.byteLength + TAG_LENGTH);
      out.set(running.update(plaintext));
      running.final();
      out.set(running.getAuthTag(), plaintext.byteLength);
      return out;
    },
    open(key, nonce, sealed) {
      checkLengths({ keyLength }, key, nonce);
      if (sealed.byteLength < TAG_LENGTH) return undefined;
      const end = sealed.byteLength - TAG_LENGTH;
      const running = createDecipheriv(algorithm, key, nonce, options);
      running.setAuthTag(sealed.subarray(end));
      // `update` hands plaintext out before the tag is checked; it leaves this function only after `final` has passed.
      const plaintext = running.update(sealed.subarray(0, end));
      try {
        running.final();
      } catch {
        return undefined;
      }
      return plaintext;
    },
  };
}

/** The suites by `node:crypto`. */
export const aead: AeadProvider = {
  name: "node",
  nativeAes: true,
  suite: selfTested({
    1: native("AEAD_AES_256_GCM", "aes-256-gcm"),
    2: native("AEAD_CHACHA20_POLY1305", "chacha20-poly1305"),
  }),
};
