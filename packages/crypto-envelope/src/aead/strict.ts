import { unauthentic } from "../errors.ts";
import { type Aead, NONCE_LENGTH, TAG_LENGTH } from "./provider.ts";

/** Refuses every wrong length before an implementation sees it: libraries take nonces and tags of other lengths. */
export function strict(aead: Aead): Aead {
  const { keyLength } = aead;
  const check = (key: Uint8Array, nonce: Uint8Array): void => {
    if (key.byteLength !== keyLength) throw new TypeError(`the key has ${keyLength} bytes`);
    if (nonce.byteLength !== NONCE_LENGTH) throw new TypeError(`the nonce has ${NONCE_LENGTH} bytes`);
  };
  return {
    ...aead,
    seal(key, nonce, plaintext, out) {
      check(key, nonce);
      if (out.byteLength !== plaintext.byteLength + TAG_LENGTH) throw new TypeError("sealed bytes are 16 longer");
      aead.seal(key, nonce, plaintext, out);
    },
    open(key, nonce, sealed) {
      check(key, nonce);
      if (sealed.byteLength < TAG_LENGTH) throw unauthentic();
      return aead.open(key, nonce, sealed);
    },
  };
}
