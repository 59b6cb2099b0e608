/**
 * An unstorage driver over a cache: items are verified when they are read.
 * @packageDocumentation
 */
export { type CacheDriver, type CacheDriverOptions, cacheDriver } from "./cache-driver.ts";
