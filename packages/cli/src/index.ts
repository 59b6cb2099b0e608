/**
 * What a configuration of the `cache` command is made of; the same as in `@cache/config`.
 * @packageDocumentation
 */
export { type CacheConfig, type CacheFields, type Demand, defineConfig, type TrustConfig } from "@cache/config";
