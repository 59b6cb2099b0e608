import type { StandardSchemaV1 } from "@standard-schema/spec";
import { CacheError } from "../errors.ts";

/**
 * A value as its Standard Schema gives it back.
 * @throws CacheError `ERR_CACHE_CODEC` when the schema refuses it; the message names paths, never values
 */
export async function validate<V>(schema: StandardSchemaV1<unknown, V>, value: unknown): Promise<V> {
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) return result.value;
  const paths = result.issues.map(({ path }) =>
    (path ?? []).map((part) => (typeof part === "object" && part !== null ? part.key : part)),
  );
  const where = [...new Set(paths.map((path) => path.map(String).join(".") || "(the value)"))].slice(0, 5).join(", ");
  throw new CacheError("ERR_CACHE_CODEC", `the schema refuses the value at ${where}`);
}
