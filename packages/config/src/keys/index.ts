/**
 * The keys that a configuration names, and what a cache is protected with by them.
 * @packageDocumentation
 */
export { configuredProtection, type Protection } from "./protection.ts";
export { checkSources, configuredKeyring, type KeyFields, type KeySources, namesKeys } from "./sources.ts";
