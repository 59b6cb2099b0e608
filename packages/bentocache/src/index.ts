/**
 * A Bentocache L2 driver over a cache: entries are verified when they are read.
 * @packageDocumentation
 */
export { type CacheDriver, type CacheDriverOptions, type CacheDriverResult, cacheDriver } from "./cache-driver.ts";
