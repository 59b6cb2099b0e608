/**
 * Configuration files, and the caches they describe.
 * @packageDocumentation
 */
export {
  type CacheConfig,
  type CacheFields,
  type ChainConfig,
  type Demand,
  defineConfig,
  type TrustConfig,
} from "./config.ts";
export type { Environment } from "./host.ts";
export { type LoadConfigOptions, type LoadedConfig, loadConfig } from "./load.ts";
export { type AuditFile, auditFile } from "./open/audit.ts";
export { type OpenCacheOptions, openCache } from "./open/open.ts";
export { type Place, type SelectedCache, selectCache } from "./open/select.ts";
