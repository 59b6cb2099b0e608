/**
 * Digests of values by content, the same everywhere.
 * @packageDocumentation
 */
export { type DigestOptions, digestOf } from "./digest.ts";
export { type ContentOf, type DigestContent, type Digestible, digestible } from "./own-type.ts";
