import type { Codec } from "../ports/codec.ts";

/** Bytes as they are when they are given: the caller may use its buffer again at once. */
export const bytesCodec: Codec<Uint8Array> = {
  name: "bytes",
  encode(value) {
    if (!(value instanceof Uint8Array)) throw new TypeError("the bytes codec stores Uint8Array values only");
    // Not by `slice`, which for a Buffer of Node is a view of the same memory.
    return new Uint8Array(value);
  },
  decode: (bytes) => bytes,
};
