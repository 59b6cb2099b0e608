import type { Codec } from "@cache/core";

/** Values as they are stored, whichever codec wrote them: its name goes along. */
export const asStored = (name: string): Codec<Uint8Array> => ({
  name,
  encode: (bytes) => bytes,
  decode: (bytes) => bytes,
});
