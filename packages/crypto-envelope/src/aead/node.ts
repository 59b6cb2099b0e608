import { type CipherGCMTypes, createCipheriv, createDecipheriv } from "node:crypto";
import { unauthentic } from "../errors.ts";
import { type Aead, type AeadProvider, TAG_LENGTH } from "./provider.ts";
import { selfTested } from "./self-test.ts";
import { strict } from "./strict.ts";

/** Always given: without it Node accepts tags as short as four bytes. */
const OPTIONS = { authTagLength: TAG_LENGTH };

function native(label: string, cipher: "aes-256-gcm" | "chacha20-poly1305"): Aead {
  // Node's types know the options of one AEAD family at a time; both take the same.
  const algorithm = cipher as CipherGCMTypes;
  return strict({
    label,
    keyLength: 32,
    seal(key, nonce, plaintext, out) {
      const running = createCipheriv(algorithm, key, nonce, OPTIONS);
      out.set(running.update(plaintext));
      running.final();
      out.set(running.getAuthTag(), plaintext.byteLength);
    },
    open(key, nonce, sealed) {
      const end = sealed.byteLength - TAG_LENGTH;
      const running = createDecipheriv(algorithm, key, nonce, OPTIONS);
      running.setAuthTag(sealed.subarray(end));
      // `update` hands plaintext out before the tag is checked; it leaves this function only after `final` has passed.
      const plaintext = running.update(sealed.subarray(0, end));
      try {
        running.final();
      } catch {
        throw unauthentic();
      }
      return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
    },
  });
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
