/**
 * The trailing format of fleche: a payload and, behind it, the hexadecimal HMAC-SHA-256 over it. Weaker than the records of
 * a cache, since the signature says nothing of name, time or expiry; good for bringing old files in, and for writing some
 * that fleche itself reads. Payloads are bytes to this package and never unpickled.
 * @packageDocumentation
 */
export { type HmacRawImportOptions, HmacRawKey } from "./hmac-raw-key.ts";
export { type ReadTrailingOptions, readTrailing, type TrailingPayload } from "./read.ts";
export { parseSecretKeys, type SecretKeyOptions } from "./secret-keys.ts";
export { writeTrailing } from "./write.ts";
