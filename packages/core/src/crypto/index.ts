/**
 * The primitives of the platform: `node:crypto` on Node, Bun and Deno, the noble libraries elsewhere.
 * @packageDocumentation
 */
export { crypto } from "#platform";
export { hkdfExpand, hkdfSha256 } from "./hkdf.ts";
export type { CryptoProvider, Sha256Stream } from "./provider.ts";
