import type { StandardSchemaV1 } from "@standard-schema/spec";
import { CacheError } from "../errors.ts";

/**
 * A value as its Standard Schema gives it back, at once unless the schema answers with a promise.
 * @throws CacheError `ERR_CACHE_CODEC` when the schema refuses it; the message names paths, never values
 */
export function validate<V>(schema: StandardSchemaV1<unknown, V>, value: unknown): V | Promise<V> {
  const result = schema["~standard"].validate(value);
  // At once where it can be: the caller may change the value as soon as the call has returned.
  return result instanceof Promise ? result.then(accepted) : accepted(result);
}

function accepted<V>(result: StandardSchemaV1.Result<V>): V {
  if (result.issues === undefined) return result.value;
  const paths = result.issues.map(({ path }) =>
    (path ?? []).map((part) => (typeof part === "object" && part !== null ? part.key : part)),
  );
  const where = [...new Set(paths.map((path) => path.map(String).join(".") || "(the value)"))].slice(0, 5).join(", ");
  throw new CacheError("ERR_CACHE_CODEC", `the schema refuses the value at ${where}`);
}
