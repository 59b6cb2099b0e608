/**
 * A Keyv storage adapter over a cache: what Keyv reads was verified at the moment of use.
 * @packageDocumentation
 */
export { type KeyvStore, type KeyvStoreOptions, keyvStore } from "./keyv-store.ts";
