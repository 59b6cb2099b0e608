/**
 * What a configuration of the `cache` command is made of.
 * @packageDocumentation
 */
export { type CacheConfig, defineConfig, type TrustConfig } from "./config/config.ts";
