/**
 * Which configuration files a user trusts.
 * @packageDocumentation
 */
export { type TrustedConfig, type TrustedFile, trustConfig, trustedConfigs, untrustConfig } from "./change.ts";
export { nearestConfig } from "./nearest.ts";
