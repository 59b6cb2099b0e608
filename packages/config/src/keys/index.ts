/**
 * The keys that a configuration names, and what a cache is protected with by them.
 * @packageDocumentation
 */
export { type ChainVariables, chainFromEnvironment } from "./chain-variables.ts";
export { publicKeys } from "./named-keys.ts";
export { configuredProtection, type Protection } from "./protection.ts";
export { checkSources, configuredKeyring, type KeyFields, type KeySources, namesKeys } from "./sources.ts";
export { trustTexts, trustTextsIn } from "./trust-texts.ts";
