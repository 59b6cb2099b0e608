/**
 * The provider over noble-hashes by name, whatever the platform: to show that both give the same bytes.
 * @packageDocumentation
 */
export { crypto } from "../platform/portable.ts";
