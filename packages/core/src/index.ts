export { CacheError, type CacheErrorCode, isCacheError } from "./errors.ts";
export type { Codec } from "./ports/codec.ts";
export type * from "./ports/sealer.ts";
export type * from "./ports/signer.ts";
export type * from "./ports/store.ts";
