/**
 * The keys that a configuration names, and what a cache is protected with by them.
 * @packageDocumentation
 */

export { isChain } from "../chain-config.ts";
export { type ChainVariables, chainFromEnvironment } from "./chain-variables.ts";
export { listMemory } from "./list-memory.ts";
export { publicKeys } from "./named-keys.ts";
export { configuredProtection, type Protection } from "./protection.ts";
export {
  believedBy,
  checkSources,
  configuredKeyring,
  type KeyFields,
  type KeySources,
  namesKeys,
  rootsPlace,
} from "./sources.ts";
export { trustLines, trustTexts } from "./trust-texts.ts";
