import type { Codec } from "../ports/codec.ts";

/** Bytes as they are. */
export const bytesCodec: Codec<Uint8Array> = {
  name: "bytes",
  encode(value) {
    if (!(value instanceof Uint8Array)) throw new TypeError("the bytes codec stores Uint8Array values only");
    return value;
  },
  decode: (bytes) => bytes,
};
