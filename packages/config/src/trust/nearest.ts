import { findConfigs } from "../find/find.ts";
import { type Environment, homeOf } from "../host.ts";

/**
 * The configuration that a walk from a directory upwards finds first, trusted or not.
 * @throws CacheError `ERR_CACHE_CONFIG`
 */
export function nearestConfig(start: string, environment: Environment = process.env): string | undefined {
  for (const { path } of findConfigs({ start, home: homeOf(environment) })) return path;
  return undefined;
}
