import { isCacheError } from "@cache/core";
import { UsageError } from "./usage-error.ts";

/** What the format does not have was asked for here, and is nobody's damage. */
export function asWrongUse(error: unknown): never {
  if (isCacheError(error, "ERR_CACHE_FORMAT")) throw new UsageError(error.message);
  throw error;
}
