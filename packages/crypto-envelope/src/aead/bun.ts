import { aead as native } from "./node.ts";
import { aead as portable } from "./portable.ts";
import type { AeadProvider } from "./provider.ts";

/** Bun's `node:crypto` knows AES-256-GCM, and no ChaCha20-Poly1305. */
export const aead: AeadProvider = {
  name: "node",
  nativeAes: true,
  suite: (suite) => (suite === 1 ? native : portable).suite(suite),
};
